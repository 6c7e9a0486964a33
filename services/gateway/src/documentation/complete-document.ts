import type { OpenAPIV3_1 } from 'openapi-types'
import { problemCatalogue } from '../meta/problem-catalogue.ts'
import { examples, operationExamples } from './examples.ts'
import type { SchemaName } from './named-schemas.ts'

type Operation = OpenAPIV3_1.OperationObject
type Media = OpenAPIV3_1.MediaTypeObject & { 'x-codes'?: string[] }
type Response = OpenAPIV3_1.ResponseObject

const traceparent = {
  name: 'traceparent',
  in: 'header',
  required: false,
  description: 'W3C Trace Context; a trace is begun where it is left out',
  schema: { type: 'string' },
} as const
const requestedWith = {
  name: 'X-Requested-With',
  in: 'header',
  required: true,
  description: 'Always `mina-intyg`: no form of another site can send it',
  schema: { type: 'string', const: 'mina-intyg', default: 'mina-intyg' },
} as const

const reference = '#/components/schemas/'

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}
const canonical = (schema: unknown) => JSON.stringify(sorted(schema))

/** Puts a reference wherever a schema that has a name stands written out. */
function createFold(schemas: Record<string, unknown>) {
  const names = new Map(Object.entries(schemas).map(([name, each]) => [canonical(each), name]))
  return function fold(value: unknown, own?: string): unknown {
    if (Array.isArray(value)) return value.map((each) => fold(each))
    if (typeof value !== 'object' || value === null) return value
    const name = names.get(canonical(value))
    if (name !== undefined && name !== own) return { $ref: `${reference}${name}` }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fold(each)]))
  }
}

function exampleOf(media: Media): unknown {
  const schema = media.schema as { $ref?: string } | undefined
  const name = schema?.$ref?.startsWith(reference) ? schema.$ref.slice(reference.length) : undefined
  return name === undefined ? undefined : examples[name as SchemaName]
}

/** An example for each code, to which the answers refer. */
function problemExamples() {
  return Object.fromEntries(
    [...problemCatalogue.values()].map(({ code, status, title, en }) => {
      const value = {
        type: `/minaintyg/v1/problems/${code}`,
        title,
        status,
        detail: en,
        instance: 'urn:uuid:3c0c1e52-0b1a-4a6e-9a3e-5d2f0f3b7c11',
        code,
        traceId: '0af7651916cd43dd8448eb211c80319c',
      }
      return [code, { summary: title, value }]
    }),
  )
}

function completeMedia(type: string, media: Media, fallback: unknown): void {
  if (type === 'application/problem+json') {
    media.examples = Object.fromEntries(
      (media['x-codes'] ?? []).map((code) => [code, { $ref: `#/components/examples/${code}` }]),
    )
    delete media['x-codes']
  } else if (type === 'application/json') {
    media.example = exampleOf(media) ?? fallback
    if (media.example === undefined) delete media.example
  }
}

function completeOperation(method: string, operation: Operation): void {
  const mine = operationExamples[operation.operationId ?? ''] ?? {}
  const isChange = ['post', 'put', 'delete'].includes(method)
  const isForMachines =
    operation.security !== undefined ||
    ['requestToken', 'backchannelLogOut'].includes(operation.operationId ?? '')
  operation.parameters = [
    ...(operation.parameters ?? []).map((each) =>
      'name' in each && each.name === 'idempotency-key'
        ? { ...each, name: 'Idempotency-Key', required: true }
        : each,
    ),
    ...(isChange && !isForMachines ? [requestedWith] : []),
    traceparent,
  ]
  const body = operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined
  for (const [type, media] of Object.entries(body?.content ?? {})) {
    completeMedia(type, media, mine.body)
  }
  for (const response of Object.values(operation.responses ?? {}) as Response[]) {
    response.headers = {
      ...response.headers,
      traceparent: { description: 'The trace of this call', schema: { type: 'string' } },
    }
    for (const [type, media] of Object.entries(response.content ?? {})) {
      completeMedia(type, media, mine.answer)
    }
  }
}

/** What the plugin that gathers the routes cannot know: names, examples, headers that every call has. */
export function completeDocument(gathered: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const named = gathered.components?.schemas ?? {}
  const fold = createFold(named)
  const schemas = Object.fromEntries(
    Object.entries(named)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, fold(schema, name)]),
  )
  const document = {
    ...gathered,
    paths: fold(gathered.paths),
    components: { ...gathered.components, schemas, examples: problemExamples() },
  } as OpenAPIV3_1.Document
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of ['get', 'post', 'put', 'delete'] as const) {
      const operation = path?.[method]
      if (operation !== undefined) completeOperation(method, operation)
    }
  }
  return document
}
