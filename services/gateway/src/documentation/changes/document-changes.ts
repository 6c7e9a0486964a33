import { compareSchemas } from './schema-changes.ts'
import type { Change, Direction, Schema, Schemas } from './schema-changes.ts'

interface Media {
  schema?: Schema
  examples?: Record<string, unknown>
}
interface Parameter {
  name: string
  in: string
  required?: boolean
  schema?: Schema
}
interface Operation {
  operationId?: string
  deprecated?: boolean
  'x-access'?: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses?: Record<string, { content?: Record<string, Media>; headers?: Record<string, unknown> }>
}
export interface ApiDocument {
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Schemas }
}

interface Pair<Each> {
  before: Each
  after: Each
}
type Compare = (schemas: Pair<Schema | undefined>, direction: Direction, at: string) => Change[]

const problemType = 'application/problem+json'
/** The more it asks for, the fewer it lets in. */
const access = ['open', 'session', 'consent']

function operationsOf({ paths }: ApiDocument): Map<string, Operation> {
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, each]) => [`${method.toUpperCase()} ${path}`, each]),
    ),
  )
}

/** What came, what went, and what is in both. */
function matched<Each>(before: ReadonlyMap<string, Each>, after: ReadonlyMap<string, Each>) {
  return {
    gone: [...before.keys()].filter((key) => !after.has(key)),
    come: [...after].filter(([key]) => !before.has(key)),
    both: [...before].flatMap(([key, one]) => {
      const other = after.get(key)
      return other === undefined ? [] : [{ key, before: one, after: other }]
    }),
  }
}
const mapOf = <Each>(record: Record<string, Each> = {}) => new Map(Object.entries(record))

function compareParameters({ before, after }: Pair<Operation>, at: string, compare: Compare) {
  const named = ({ parameters = [] }: Operation) =>
    new Map(parameters.map((each) => [`${each.in} ${each.name.toLowerCase()}`, each]))
  const { gone, come, both } = matched(named(before), named(after))
  return [
    ...gone.map((name): Change => ({ kind: 'breaking', at, what: `${name} is gone` })),
    ...come.map(([name, { required }]): Change => {
      const kind = required === true ? 'breaking' : 'added'
      return { kind, at, what: `${name} is ${required === true ? 'required now' : 'new'}` }
    }),
    ...both.flatMap(({ key, before: one, after: other }): Change[] => [
      ...(one.required !== true && other.required === true
        ? [{ kind: 'breaking' as const, at, what: `${key} is required now` }]
        : []),
      ...compare({ before: one.schema, after: other.schema }, 'sent', `${at}, ${key}`),
    ]),
  ]
}

function compareBodies({ before, after }: Pair<Operation>, at: string, compare: Compare): Change[] {
  const [one, other] = [before.requestBody, after.requestBody]
  if (other === undefined) {
    return one === undefined ? [] : [{ kind: 'breaking', at, what: 'takes no body any more' }]
  }
  if (one === undefined) return [{ kind: 'breaking', at, what: 'needs a body now' }]
  const { gone, come, both } = matched(mapOf(one.content), mapOf(other.content))
  return [
    ...gone.map((type): Change => ({ kind: 'breaking', at, what: `body ${type} is gone` })),
    ...come.map(([type]): Change => ({ kind: 'added', at, what: `body ${type} is new` })),
    ...both.flatMap(({ before: was, after: is }) =>
      compare({ before: was.schema, after: is.schema }, 'sent', `${at}, body`),
    ),
  ]
}

function compareAnswers(
  { before, after }: Pair<Operation>,
  at: string,
  compare: Compare,
): Change[] {
  const { gone, come, both } = matched(mapOf(before.responses), mapOf(after.responses))
  const isSuccess = (status: string) => Number(status) < 400
  return [
    ...gone.map((status): Change => {
      const kind = isSuccess(status) ? 'breaking' : 'changed'
      return { kind, at, what: `answer ${status} is gone` }
    }),
    ...come.map(([status]): Change => ({ kind: 'added', at, what: `answer ${status} is new` })),
    ...both.flatMap(({ key: status, before: one, after: other }) => {
      const here = `${at}, answer ${status}`
      const types = matched(mapOf(one.content), mapOf(other.content))
      const headers = matched(mapOf(one.headers), mapOf(other.headers))
      return [
        ...types.gone.map((type): Change => ({
          kind: 'breaking',
          at: here,
          what: `${type} is gone`,
        })),
        ...types.come.map(([type]): Change => ({
          kind: 'added',
          at: here,
          what: `${type} is new`,
        })),
        ...headers.gone.map((name): Change => ({
          kind: 'breaking',
          at: here,
          what: `header ${name} is gone`,
        })),
        ...headers.come.map(([name]): Change => ({
          kind: 'added',
          at: here,
          what: `header ${name} is new`,
        })),
        ...types.both.flatMap((media) =>
          media.key === problemType
            ? compareCodes(media, here)
            : compare({ before: media.before.schema, after: media.after.schema }, 'answered', here),
        ),
      ]
    }),
  ]
}

/** New codes may come, and callers are told so; one that is gone may still be waited for, and breaks nobody. */
function compareCodes({ before, after }: Pair<Media>, at: string): Change[] {
  const { gone, come } = matched(mapOf(before.examples), mapOf(after.examples))
  return [
    ...gone.map((code): Change => ({ kind: 'changed', at, what: `${code} is gone` })),
    ...come.map(([code]): Change => ({ kind: 'added', at, what: `${code} is new` })),
  ]
}

function compareOperations(pair: Pair<Operation>, at: string, compare: Compare): Change[] {
  const { before, after } = pair
  const [was = '', is = ''] = [before['x-access'], after['x-access']]
  const isLaxer =
    access.includes(was) && access.includes(is) && access.indexOf(is) < access.indexOf(was)
  return [
    ...(before.operationId === after.operationId
      ? []
      : [
          {
            kind: 'breaking' as const,
            at,
            what: `operationId ${before.operationId ?? ''} → ${after.operationId ?? ''}`,
          },
        ]),
    ...(was === is
      ? []
      : [
          {
            kind: isLaxer ? ('changed' as const) : ('breaking' as const),
            at,
            what: `needs ${was} → ${is}`,
          },
        ]),
    ...(before.deprecated !== true && after.deprecated === true
      ? [{ kind: 'changed' as const, at, what: 'is deprecated' }]
      : []),
    ...compareParameters(pair, at, compare),
    ...compareBodies(pair, at, compare),
    ...compareAnswers(pair, at, compare),
  ]
}

/** What changed for callers from one document to another. Words of descriptions and examples do not count. */
export function changesBetween(before: ApiDocument, after: ApiDocument): Change[] {
  const schemas = [before, after].map((each) => each.components?.schemas ?? {}) as [
    Schemas,
    Schemas,
  ]
  const compare: Compare = (pair, direction, at) =>
    compareSchemas(
      { schema: pair.before ?? {}, schemas: schemas[0] },
      { schema: pair.after ?? {}, schemas: schemas[1] },
      { direction, at, seen: new Set() },
    )
  const { gone, come, both } = matched(operationsOf(before), operationsOf(after))
  const problems = [before, after].map((each) => each.components?.schemas?.['Problem'])
  return [
    ...gone.map((at): Change => ({ kind: 'breaking', at, what: 'is gone' })),
    ...come.map(([at]): Change => ({ kind: 'added', at, what: 'is new' })),
    ...compare({ before: problems[0], after: problems[1] }, 'answered', 'every problem'),
    ...both.flatMap(({ key, ...pair }) => compareOperations(pair, key, compare)),
  ]
}
