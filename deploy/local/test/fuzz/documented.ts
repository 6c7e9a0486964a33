import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

export interface Schema {
  $ref?: string
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: unknown
}
interface Media {
  schema: Schema
  examples?: Record<string, unknown>
}
interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}
export interface Operation {
  /** `POST /consent`. */
  name: string
  id: string
  method: string
  path: string
  access: 'open' | 'session' | 'consent' | 'recipient'
  parameters: Parameter[]
  body: { type: string; schema: Schema } | undefined
  responses: Record<string, { content?: Record<string, Media>; headers?: object }>
}
export interface Document {
  operations: Operation[]
  /** The methods of each path. */
  methodsOf: ReadonlyMap<string, ReadonlySet<string>>
  resolve(schema: Schema): Schema
  /** Whether a body is what the document says of this answer; the faults where it is not. */
  faultsOf(operation: Operation, status: number, type: string, body: unknown): string[]
}

interface WrittenOperation {
  operationId: string
  'x-access': Operation['access']
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Operation['responses']
}
interface Written {
  paths: Record<string, Record<string, WrittenOperation>>
  components: { schemas: Record<string, Schema> }
}

/** What is answered where no operation is reached, as the document says in its introduction. */
const beforeOperations = new Set([
  '404 route.not-found',
  '408 request.timeout',
  '414 request.uri-too-long',
  '431 request.headers-too-large',
])

const id = 'https://minaintyg.example/document'

/** With nothing in an object but what is documented. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]))
  const isOpen = typeof inner['properties'] === 'object' && inner['type'] === 'object'
  return isOpen ? { additionalProperties: false, ...inner } : inner
}

function readOperation(path: string, method: string, written: WrittenOperation): Operation {
  const [sent] = Object.entries(written.requestBody?.content ?? {})
  return {
    name: `${method.toUpperCase()} ${path}`,
    id: written.operationId,
    method: method.toUpperCase(),
    path,
    access: written['x-access'],
    parameters: written.parameters ?? [],
    body: sent === undefined ? undefined : { type: sent[0], schema: sent[1].schema },
    responses: written.responses,
  }
}

/** The document as a running gateway has it, to make requests of and to hold answers against. */
export function readDocumented(text: string): Document {
  const written = JSON.parse(text) as Written
  const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true }))
  ajv.addFormat('binary', true)
  ajv.addSchema({ $id: id, components: { schemas: closed(written.components.schemas) } })
  const compiled = new Map<string, ValidateFunction>()
  function check(schema: Schema): ValidateFunction {
    const source = JSON.stringify(closed(schema)).replaceAll(
      '"#/components/',
      `"${id}#/components/`,
    )
    const known = compiled.get(source) ?? ajv.compile(JSON.parse(source) as object)
    compiled.set(source, known)
    return known
  }
  return {
    operations: Object.entries(written.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, each]) => readOperation(path, method, each)),
    ),
    methodsOf: new Map(
      Object.entries(written.paths).map(([path, item]) => [
        path,
        new Set(Object.keys(item).map((method) => method.toUpperCase())),
      ]),
    ),
    resolve: (schema) =>
      schema.$ref === undefined
        ? schema
        : (written.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? schema),
    faultsOf({ responses }, status, type, body) {
      const ownCode = (body as { code?: string }).code ?? ''
      if (beforeOperations.has(`${status} ${ownCode}`)) return []
      const answer = responses[String(status)]
      if (answer === undefined) return [`status ${status} is not documented`]
      if (answer.content === undefined) return body === '' ? [] : ['there is a body']
      const media = answer.content[type]
      if (media === undefined) return [`${type} is not documented for ${status}`]
      const validate = check(media.schema)
      if (!validate(body)) {
        return (validate.errors ?? []).map(
          (each) => `${each.instancePath} ${each.message ?? ''} ${JSON.stringify(each.params)}`,
        )
      }
      const codes = Object.keys(media.examples ?? {})
      return type !== 'application/problem+json' || codes.includes(ownCode)
        ? []
        : [`the code ${ownCode} is not documented for ${status}`]
    },
  }
}

const file = join(import.meta.dirname, '../../../../openapi/gateway.yaml')

export const readCommitted = (): Document =>
  readDocumented(JSON.stringify(parse(readFileSync(file, 'utf8'))))
