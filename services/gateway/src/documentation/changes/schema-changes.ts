/** JSON Schema as OpenAPI 3.1 has it, as far as this API uses it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
export type Schemas = Record<string, Schema>

export interface Change {
  kind: 'breaking' | 'added' | 'changed'
  /** `GET /session, answer 200, state`. */
  at: string
  what: string
}
/** Who makes the values: callers what is sent, this API what is answered. */
export type Direction = 'sent' | 'answered'

interface Side {
  schema: Schema
  schemas: Schemas
}
interface Context {
  direction: Direction
  at: string
  /** Pairs that are being compared already: schemas may refer to themselves. */
  seen: ReadonlySet<string>
}

function resolve({ schema, schemas }: Side): Schema {
  let current = schema
  for (let hops = 0; current.$ref !== undefined && hops < 20; hops += 1) {
    current = schemas[current.$ref.split('/').at(-1) ?? ''] ?? {}
  }
  return current
}

const below = (context: Context, name: string): Context => ({
  ...context,
  at: `${context.at}, ${name}`,
})

/** Values that it allows, where it names each: of a type without an end, none are named. */
function wordsOf(schema: Schema): string[] | undefined {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)]
  return schema.enum?.map((each) => JSON.stringify(each))
}
const typesOf = ({ type }: Schema): string[] => (type === undefined ? [] : [type].flat())

/** Narrower breaks those who send, wider breaks those who read. */
function compareSets(
  what: string,
  [before, after]: [string[] | undefined, string[] | undefined],
  { direction, at }: Context,
): Change[] {
  if (before === undefined && after === undefined) return []
  const gone =
    before === undefined ? ['any other'] : before.filter((each) => after?.includes(each) === false)
  const come =
    after === undefined ? ['any other'] : after.filter((each) => before?.includes(each) === false)
  const isNarrower: Change['kind'] = direction === 'sent' ? 'breaking' : 'changed'
  const isWider: Change['kind'] = direction === 'answered' ? 'changed' : 'added'
  return [
    ...(gone.length === 0
      ? []
      : [{ kind: isNarrower, at, what: `${what} no longer: ${gone.join(', ')}` }]),
    ...(come.length === 0
      ? []
      : [{ kind: isWider, at, what: `${what} now also: ${come.join(', ')}` }]),
  ]
}

const lower = ['minimum', 'minLength', 'minItems'] as const
const upper = ['maximum', 'maxLength', 'maxItems'] as const

function compareBounds(before: Schema, after: Schema, { direction, at }: Context): Change[] {
  const changes: Change[] = []
  for (const name of [...lower, ...upper]) {
    const isLower = (lower as readonly string[]).includes(name)
    const open = isLower ? -Infinity : Infinity
    const [was, is] = [before[name] ?? open, after[name] ?? open]
    if (was === is) continue
    const isTighter = isLower ? is > was : is < was
    const breaks = isTighter && direction === 'sent'
    changes.push({ kind: breaks ? 'breaking' : 'changed', at, what: `${name} ${was} → ${is}` })
  }
  for (const name of ['pattern', 'format'] as const) {
    if (before[name] === after[name]) continue
    const isLooser = after[name] === undefined
    const breaks =
      direction === 'sent' ? !isLooser : name === 'format' && before[name] !== undefined
    const what = `${name} ${before[name] ?? 'none'} → ${after[name] ?? 'none'}`
    changes.push({ kind: breaks ? 'breaking' : 'changed', at, what })
  }
  return changes
}

function compareProperties(before: Side, after: Side, context: Context): Change[] {
  const [one, other] = [resolve(before), resolve(after)]
  const { direction } = context
  const changes: Change[] = []
  for (const [name, schema] of Object.entries(one.properties ?? {})) {
    const at = below(context, name)
    const same = other.properties?.[name]
    if (same === undefined) {
      const isRefused = direction === 'answered' || other.additionalProperties === false
      changes.push({ kind: isRefused ? 'breaking' : 'changed', at: at.at, what: 'is gone' })
      continue
    }
    const [was, is] = [one, other].map(({ required = [] }) => required.includes(name))
    if (was !== is) {
      const breaks = is === (direction === 'sent')
      const what = is === true ? 'is required now' : 'may be missing now'
      changes.push({ kind: breaks ? 'breaking' : 'changed', at: at.at, what })
    }
    changes.push(...compareSchemas({ ...before, schema }, { ...after, schema: same }, at))
  }
  for (const name of Object.keys(other.properties ?? {})) {
    if (one.properties?.[name] !== undefined) continue
    const breaks = direction === 'sent' && other.required?.includes(name) === true
    const kind = breaks ? 'breaking' : 'added'
    changes.push({ kind, at: below(context, name).at, what: breaks ? 'is required now' : 'is new' })
  }
  const [wasOpen, isOpen] = [one, other].map((each) => each.additionalProperties !== false)
  if (wasOpen === true && isOpen === false && direction === 'sent') {
    changes.push({ kind: 'breaking', at: context.at, what: 'other fields are refused now' })
  }
  return changes
}

/** What a schema is known by among its alternatives: the one word that each of them has of its own. */
function keyOf(side: Side, index: number): string {
  const schema = resolve(side)
  const literals = Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const words = wordsOf(resolve({ ...side, schema: each }))
    return words?.length === 1 ? [`${name}=${words[0] ?? ''}`] : []
  })
  return literals[0] ?? (typesOf(schema).join('|') || `alternative ${index + 1}`)
}

function compareAlternatives(before: Side, after: Side, context: Context): Change[] {
  const alternatives = (side: Side) =>
    new Map(
      (['anyOf', 'oneOf', 'allOf'] as const)
        .flatMap((name) => resolve(side)[name] ?? [])
        .map((schema, index) => ({ ...side, schema, key: keyOf({ ...side, schema }, index) }))
        .map((each) => [each.key, each]),
    )
  const [one, other] = [alternatives(before), alternatives(after)]
  const changes = compareSets('alternatives:', [[...one.keys()], [...other.keys()]], context)
  // Of alternatives that tell themselves apart more may come; a null where there was none is met by nobody.
  const come = [...other.keys()].filter((key) => !one.has(key) && !key.includes('='))
  if (context.direction === 'answered' && come.length > 0) {
    changes.push({ kind: 'breaking', at: context.at, what: `may be ${come.join(', ')} now` })
  }
  for (const [key, each] of one) {
    const same = other.get(key)
    if (same !== undefined) changes.push(...compareSchemas(each, same, below(context, key)))
  }
  return changes
}

/** What changed from one schema to another, for those who send or read its values. */
export function compareSchemas(before: Side, after: Side, context: Context): Change[] {
  const pair = `${before.schema.$ref ?? ''} ${after.schema.$ref ?? ''}`
  if (pair.trim() !== '' && context.seen.has(pair)) return []
  const inner = {
    ...context,
    seen: new Set([...context.seen, ...(pair.trim() === '' ? [] : [pair])]),
  }
  const [one, other] = [resolve(before), resolve(after)]
  const hadAlternatives = one.anyOf ?? one.oneOf ?? one.allOf
  const hasAlternatives = other.anyOf ?? other.oneOf ?? other.allOf
  if ((hadAlternatives === undefined) !== (hasAlternatives === undefined)) {
    return [{ kind: 'breaking', at: context.at, what: 'its alternatives came or went' }]
  }
  const items =
    one.items === undefined || other.items === undefined
      ? []
      : compareSchemas(
          { ...before, schema: one.items },
          { ...after, schema: other.items },
          below(inner, 'each'),
        )
  return [
    ...compareTypes(one, other, inner),
    ...compareSets('values:', [wordsOf(one), wordsOf(other)], inner),
    ...compareBounds(one, other, inner),
    ...compareProperties(before, after, inner),
    ...(hadAlternatives === undefined ? [] : compareAlternatives(before, after, inner)),
    ...items,
  ]
}

/** Another type breaks whoever reads it; a further one of what is sent does not. */
function compareTypes(one: Schema, other: Schema, { direction, at }: Context): Change[] {
  const [was, is] = [typesOf(one), typesOf(other)]
  const gone = was.filter((each) => !is.includes(each))
  const come = is.filter((each) => !was.includes(each))
  if (gone.length === 0 && come.length === 0) return []
  const breaks = direction === 'sent' ? gone.length > 0 : come.length > 0
  const what = `type ${was.join('|') || 'any'} → ${is.join('|') || 'any'}`
  return [{ kind: breaks ? 'breaking' : 'changed', at, what }]
}
