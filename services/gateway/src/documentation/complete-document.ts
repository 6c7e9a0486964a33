import type { OpenAPIV3_1 } from 'openapi-types'
import { publicCodes } from '../meta/problem-catalogue.ts'
import { answerExamples } from './examples.ts'
import { createFold, nameOf, usedSchemas, withEnums } from './fold.ts'
import { leadsToExamples, operationExamples, textExamples } from './operation-examples.ts'
import { describeOperation } from './operation-texts.ts'
import type { Access } from './operation-texts.ts'
import { completeParameters } from './parameters.ts'
import { exampleReference, problemExamples, problemMembers } from './problem-examples.ts'

type Operation = OpenAPIV3_1.OperationObject & { 'x-access'?: Access }
type Media = OpenAPIV3_1.MediaTypeObject & { 'x-codes'?: string[] }
type Response = OpenAPIV3_1.ResponseObject
type Headers = NonNullable<Response['headers']>

export const methods = ['get', 'post', 'put', 'delete', 'patch'] as const

const responsesOf = (operation: Operation) =>
  Object.entries(operation.responses ?? {}) as [string, Response][]

/** What the codes of its problems say of who may call. */
function accessOf(operation: Operation): Access {
  if (operation.security?.some((each) => 'recipient' in each) === true) return 'recipient'
  const codes = new Set(
    responsesOf(operation).flatMap(([, { content }]) =>
      Object.values(content ?? {}).flatMap((media: Media) => media['x-codes'] ?? []),
    ),
  )
  if (!codes.has('session.required')) return 'open'
  return codes.has('consent.required') ? 'consent' : 'session'
}

function completeMedia(type: string, media: Media, fallback: unknown, publicUrl: string): void {
  if (type === 'application/problem+json') {
    const codes = media['x-codes'] ?? []
    media.examples = Object.fromEntries(codes.map((code) => [code, exampleReference(code)]))
    delete media['x-codes']
    return
  }
  const name = nameOf(media.schema) ?? ''
  const example = fallback ?? textExamples[type] ?? answerExamples[name]
  const outside = leadsToExamples(name, publicUrl)
  if (Object.keys(outside).length > 0) {
    const usual = { usual: { summary: 'As it usually is', value: example } }
    media.examples = { ...(example === undefined ? {} : usual), ...outside }
  } else if (example !== undefined) media.example = example
}

const text = { type: 'string' } as const
const whole = { type: 'integer', minimum: 0 } as const

const aPart = '…'

function headersOf(status: string, hasETag: boolean): Headers {
  return {
    traceparent: { description: 'The trace of this call', schema: text },
    ...(hasETag && ['200', '304'].includes(status)
      ? { ETag: { description: 'For If-None-Match of the next call', schema: text } }
      : {}),
    ...(['429', '503'].includes(status)
      ? { 'Retry-After': { description: 'Seconds to wait', schema: whole } }
      : {}),
  }
}

function completeOperation(method: string, operation: Operation, publicUrl: string): void {
  const id = operation.operationId ?? ''
  const mine = operationExamples[id] ?? {}
  const access = accessOf(operation)
  const hasETag = operation.responses?.['304'] !== undefined
  operation.description = describeOperation(id, operation.description ?? '', access)
  operation.parameters = completeParameters(operation, { method, access, hasETag })
  operation['x-access'] = access
  // A cookie is no scheme here (the profile's SAK.16): what an operation needs of it is told by x-access.
  operation.security ??= []
  const body = operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined
  for (const [type, media] of Object.entries(body?.content ?? {})) {
    completeMedia(type, media, mine.body, publicUrl)
  }
  for (const [status, response] of responsesOf(operation)) {
    response.headers = { ...response.headers, ...headersOf(status, hasETag) }
    for (const [type, media] of Object.entries(response.content ?? {})) {
      const own = Number(status) < 400 ? mine.answer : mine.failure
      const fallback = status === '206' ? aPart : type === 'application/json' ? own : undefined
      completeMedia(type, media, fallback, publicUrl)
    }
  }
}

function withMembers({ Problem, ...schemas }: Record<string, unknown>): Record<string, unknown> {
  const problem = Problem as OpenAPIV3_1.SchemaObject
  const properties = { ...problem.properties, ...problemMembers }
  return { Problem: { ...problem, properties }, ...schemas }
}

/** What the plugin that gathers the routes cannot know: names, examples, headers that every call has. */
export function completeDocument(
  gathered: OpenAPIV3_1.Document,
  publicUrl: string,
): OpenAPIV3_1.Document {
  const named = withEnums(gathered.components?.schemas ?? {}) as Record<string, unknown>
  const fold = createFold(named)
  const paths = fold(withEnums(gathered.paths)) as OpenAPIV3_1.PathsObject
  const schemas = Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [name, fold(schema, name)]),
  )
  for (const path of Object.values(paths)) {
    for (const method of methods) {
      const operation = path?.[method]
      if (operation !== undefined) completeOperation(method, operation, publicUrl)
    }
  }
  return {
    ...gathered,
    paths,
    components: {
      ...gathered.components,
      schemas: withMembers(usedSchemas(paths, schemas)),
      examples: problemExamples(publicCodes, publicUrl),
    },
  } as OpenAPIV3_1.Document
}
