import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createTopology, recipientQueue } from '@minaintyg/contracts'
import { queueArguments } from '@minaintyg/messaging'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { dispatchMessages, receiptMessages } from '../src/event-documents/asyncapi/messages.ts'

interface Message {
  name: string
  payload: object
  headers?: object
  examples: { payload: unknown; headers?: unknown }[]
}
interface Document {
  channels: Record<string, Record<string, unknown>>
  components: { messages: Record<string, Message> }
}

const schemaOfAsyncapi = createRequire(import.meta.url)(
  '@asyncapi/specs/schemas/3.0.0.json',
) as object
const formatsOf = <T extends Ajv>(each: T): T => {
  addFormats.default(each)
  return each
}
// The standard's schema brings the schema of schemas itself.
const standard = formatsOf(new Ajv({ strict: false, meta: false, validateSchema: false }))
const ajv = formatsOf(new Ajv({ strict: false, allErrors: true, validateFormats: true }))

let document: Document

beforeEach(async () => {
  const path = join(import.meta.dirname, '../../../openapi/events.asyncapi.yaml')
  document = parse(await readFile(path, 'utf8'))
})

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('$ref' in value) return [String(value.$ref)]
  return Object.values(value).flatMap(referencesIn)
}

const resolve = (reference: string) =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      document,
    )

test('it is AsyncAPI 3.0, as the standard’s own schema has it', () => {
  const check = standard.compile(schemaOfAsyncapi)
  check(document)
  expect(check.errors).toBeNull()
  const binding = document.channels['events']!['bindings'] as {
    amqp: { queue: Record<string, unknown> }
  }
  binding.amqp.queue['durable'] = 'yes'
  expect(check(document)).toBe(false)
}, 60_000)

test('all that it refers to is there', () => {
  const references = referencesIn(document)
  expect(references.length).toBeGreaterThan(10)
  expect(references.filter((each) => resolve(each) === undefined)).toEqual([])
})

const messages = [...dispatchMessages, ...receiptMessages]

test.each(messages.map((message) => [message.type, message] as const))(
  'the example of %s is valid, by the document and by the code',
  (_type, { key, schema }) => {
    const written = document.components.messages[key]!
    const [example] = written.examples
    expect(Value.Check(schema, example!.payload)).toBe(true)
    expect(ajv.validate(written.payload, example!.payload)).toBe(true)
    expect(ajv.validate(written.payload, { ...(example!.payload as object), data: {} })).toBe(false)
    expect(ajv.validate(written.headers ?? {}, example!.headers ?? {})).toBe(true)
  },
)

test('a recipient’s events without a signature are against the document', () => {
  for (const { key } of dispatchMessages) {
    expect(ajv.validate(document.components.messages[key]!.headers!, {})).toBe(false)
  }
})

test('it gives the arguments of the queues that are declared', () => {
  const queue = createTopology(['FKASSA']).queues.find(
    ({ name }) => name === recipientQueue('FKASSA'),
  )
  const written = JSON.stringify(document.channels['events']!['x-queue-arguments'])
  expect(JSON.parse(written.replace('{recipientId}', 'FKASSA'))).toEqual(queueArguments(queue!))
})
