import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import type { Document, Operation, Schema } from './documented.ts'

/** What goes over the wire, below the base path and without credentials. */
export interface Request {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
  /** What is wrong with it. */
  fault?: string
}
/** Parts of addresses that are there, such as the certificates of the patient. */
export type Known = Record<string, string[]>

const json = 'application/json'
/** No two lone surrogates, and no NUL, which no address and no database takes. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 40) })

const orThere = (any: Arbitrary<unknown>, there: string[] = []) =>
  there.length === 0 ? any : fc.oneof(fc.constantFrom(...there), any)
const whatIsThere = (any: Arbitrary<unknown>, there: string[] = []) =>
  there.length === 0 ? any : fc.constantFrom(...there)

function formatted(format: string | undefined): Arbitrary<string> | undefined {
  const moment = fc.date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('2098-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') return moment.map((each) => each.toISOString())
  if (format === 'date') return moment.map((each) => each.toISOString().slice(0, 10))
  return undefined
}

function strings({ format, pattern, minLength = 0, maxLength = 200 }: Schema): Arbitrary<string> {
  const known = formatted(format)
  if (known !== undefined) return known
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return text(minLength, maxLength).filter((each) => each.length <= maxLength)
}

/** Values that a schema allows; of a field by such a name, also those that are there. */
function valuesOf(given: Schema, document: Document, known: Known = {}): Arbitrary<unknown> {
  const schema = document.resolve(given)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map((each) => valuesOf(each, document)))
  }
  switch (schema.type) {
    case 'string':
      return strings(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 100_000 })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, document), {
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    case 'object': {
      const { properties = {}, required = [] } = schema
      const fields = Object.entries(properties).map(
        ([name, each]) => [name, orThere(valuesOf(each, document), known[name])] as const,
      )
      return fc.record(Object.fromEntries(fields), { requiredKeys: required })
    }
    default:
      return fc.string()
  }
}

/** Values that it does not allow, as they stand in an address; none where it allows every text. */
function wrongTexts(schema: Schema): string[] {
  if (schema.enum !== undefined) return ['nonsense', `${schema.enum.join(',')},`]
  switch (schema.type) {
    case 'integer': {
      const beyond = [schema.minimum, schema.maximum].flatMap((each, index) =>
        each === undefined ? [] : [String(index === 0 ? each - 1 : each + 1)],
      )
      return ['one', '1.5', '1e999', '', ...beyond]
    }
    case 'boolean':
      return ['perhaps', '2']
    case 'array':
      return (schema.items?.maxLength ?? 0) > 0 ? ['x'.repeat(schema.items!.maxLength! + 1)] : []
    default:
      if (schema.format === 'uuid') return ['1', 'x'.repeat(36), '..', "' or 1=1 --"]
      if (schema.format === 'date') return ['20260230', '2026-02-30', 'today', '1999-12-31']
      if (schema.pattern !== undefined) return ['å', ' ']
      return schema.maxLength === undefined ? [] : ['x'.repeat(schema.maxLength + 1)]
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

function queryOf(values: Record<string, unknown>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, textOf(each)]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

const placed = (operation: Operation, values: Record<string, unknown>) =>
  operation.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(textOf(values[name])),
  )

/** What an address cannot hold by itself: nothing, or a step out of its place. */
const standsInAddress = (value: unknown) => !['', '.', '..'].includes(textOf(value))

const ofPlace = ({ parameters }: Operation, place: string) =>
  parameters.filter((each) => each.in === place)

const encodeBody = (type: string, value: unknown): string =>
  type === json
    ? JSON.stringify(value)
    : new URLSearchParams(
        Object.entries(value as object).map(([name, each]): [string, string] => [
          name,
          textOf(each),
        ]),
      ).toString()

/** Requests that the document allows; ids that are there, and ids that could be. */
export function validRequests(
  operation: Operation,
  document: Document,
  known: Known,
): Arbitrary<Request> {
  const recordOf = (place: string) => {
    const all = ofPlace(operation, place)
    const values = all.map(({ name, schema }) => [
      name,
      orThere(inPlace(place, valuesOf(schema, document)), known[name]),
    ])
    const requiredKeys = all.filter((each) => isNeeded(each)).map(({ name }) => name)
    return fc.record(Object.fromEntries(values), { requiredKeys }) as Values
  }
  const { body } = operation
  return requestsOf(operation, {
    path: recordOf('path'),
    query: recordOf('query'),
    headers: recordOf('header'),
    body: body === undefined ? fc.constant({}) : valuesOf(body.schema, document, known),
  })
}

/** Those of them that ought to succeed: with what is there, and nothing that could be left out. */
export function hopefulRequests(
  operation: Operation,
  document: Document,
  known: Known,
): Arbitrary<Request> {
  const recordOf = (fields: [string, Schema][], place: string) =>
    fc.record(
      Object.fromEntries(
        fields.map(([name, schema]) => [
          name,
          whatIsThere(inPlace(place, valuesOf(schema, document)), known[name]),
        ]),
      ),
    ) as Values
  const needed = (place: string) =>
    ofPlace(operation, place)
      .filter((each) => isNeeded(each) || known[each.name] !== undefined)
      .map(({ name, schema }): [string, Schema] => [name, schema])
  const { required = [], properties = {} } = document.resolve(operation.body?.schema ?? {})
  return requestsOf(operation, {
    path: recordOf(needed('path'), 'path'),
    query: recordOf(needed('query'), 'query'),
    headers: recordOf(needed('header'), 'header'),
    body: recordOf(
      required.map((name) => [name, properties[name] ?? {}]),
      'body',
    ),
  })
}

type Values = Arbitrary<Record<string, unknown>>
const isNeeded = ({ in: place, required }: Operation['parameters'][number]) =>
  place === 'path' || required === true
const inPlace = (place: string, values: Arbitrary<unknown>) =>
  place === 'path' ? values.filter(standsInAddress) : values

function requestsOf(
  operation: Operation,
  parts: { path: Values; query: Values; headers: Values; body: Arbitrary<unknown> },
): Arbitrary<Request> {
  const { body, responses } = operation
  const types = Object.keys(responses['200']?.content ?? {}).filter((type) => type !== 'text/html')
  const accept = fc.constantFrom(...(types.length === 0 ? [json] : types))
  return fc.record({ ...parts, accept }).map((values) => ({
    method: operation.method,
    path: `${placed(operation, values.path)}${queryOf(values.query)}`,
    headers: {
      ...asHeaders(values.headers),
      accept: `${values.accept}, application/problem+json`,
      ...(body === undefined ? {} : { 'content-type': body.type }),
    },
    ...(body === undefined ? {} : { body: encodeBody(body.type, values.body) }),
  }))
}

/** Of text that a header can hold: whatever else a client tries to send, it never gets out. */
function asHeaders(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value))
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
}

const without = <Value>(record: Record<string, Value>, name: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== name))

type Fault = (request: Request) => Request

function addressFaults(operation: Operation): [string, Fault][] {
  const broken: [string, Fault][] = []
  for (const { name, schema } of ofPlace(operation, 'path')) {
    const index = operation.path.split('/').indexOf(`{${name}}`)
    for (const wrong of [...wrongTexts(schema).map(encodeURIComponent), '%zz', '%00']) {
      if (wrong === '..') continue
      broken.push([
        `${name}=${wrong}`,
        (request) => {
          const [path = '', ...query] = request.path.split('?')
          const parts = path.split('/').with(index, wrong)
          return { ...request, path: [parts.join('/'), ...query].join('?') }
        },
      ])
    }
  }
  for (const { name, schema } of ofPlace(operation, 'query')) {
    for (const wrong of wrongTexts(schema)) {
      broken.push([
        `${name}=${wrong.slice(0, 40)}`,
        (request) => {
          const [path = '', query = ''] = request.path.split('?')
          const parameters = new URLSearchParams(query)
          parameters.set(name, wrong)
          return { ...request, path: `${path}?${parameters.toString()}` }
        },
      ])
    }
    if (schema.maxItems !== undefined) {
      broken.push([
        `too many ${name}`,
        (request) => ({
          ...request,
          path: `${request.path.split('?')[0] ?? ''}?${`${name}=a&`.repeat(schema.maxItems! + 1)}`,
        }),
      ])
    }
  }
  return broken
}

function bodyFaults(operation: Operation, document: Document): [string, Fault][] {
  if (operation.body?.type !== json) return []
  const { required = [], properties = {} } = document.resolve(operation.body.schema)
  const changed =
    (change: (body: Record<string, unknown>) => unknown): Fault =>
    (request) => ({
      ...request,
      body: JSON.stringify(change(JSON.parse(request.body ?? '{}') as Record<string, unknown>)),
    })
  const raw =
    (body: string): Fault =>
    (request) => ({ ...request, body })
  return [
    ...required.map((name): [string, Fault] => [
      `without ${name}`,
      changed((body) => without(body, name)),
    ]),
    ...Object.entries(properties).flatMap(([name, schema]): [string, Fault][] =>
      [17, null, [], {}, '', ...wrongTexts(schema)]
        .filter(
          (wrong) => wrong !== '' || (schema.minLength ?? 0) > 0 || schema.format !== undefined,
        )
        .map((wrong) => [
          `${name}: ${JSON.stringify(wrong).slice(0, 40)}`,
          changed((body) => ({ ...body, [name]: wrong })),
        ]),
    ),
    ['one field more', changed((body) => ({ ...body, more: 1 }))],
    ['a field of the prototype', changed((body) => ({ ...body, ['constructor']: {} }))],
    ['a list', changed((body) => [body])],
    ['a word', raw('"x"')],
    ['half of it', (request) => ({ ...request, body: request.body?.slice(0, -1) ?? '{' })],
    ['nothing', raw('')],
    ['too much', changed((body) => ({ ...body, more: 'x'.repeat(70_000) }))],
    [
      'as plain text',
      (request) => ({ ...request, headers: { ...request.headers, 'content-type': 'text/plain' } }),
    ],
  ]
}

function headerFaults(operation: Operation): [string, Fault][] {
  return ofPlace(operation, 'header')
    .filter((each) => each.required)
    .map(({ name }) => [
      `without ${name}`,
      ({ headers, ...request }) => {
        return { ...request, headers: without(headers, name.toLowerCase()) }
      },
    ])
}

/** Every way that this operation's requests can be wrong. */
export const faultsOf = (operation: Operation, document: Document): [string, Fault][] => [
  ...addressFaults(operation),
  ...headerFaults(operation),
  ...bodyFaults(operation, document),
]
