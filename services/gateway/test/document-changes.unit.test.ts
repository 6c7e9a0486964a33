import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { changesBetween } from '../src/documentation/changes/document-changes.ts'
import type { ApiDocument } from '../src/documentation/changes/document-changes.ts'
import {
  faultsOfVersion,
  lastReleased,
  release,
  summary,
} from '../src/documentation/changes/release.ts'
import type { Schema } from '../src/documentation/changes/schema-changes.ts'

const problem = 'application/problem+json'
const json = 'application/json'

/** A small API with one of everything. */
function api() {
  return {
    info: { version: '1.2.0' },
    paths: {
      '/notes': {
        get: {
          operationId: 'listNotes',
          'x-access': 'session',
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          ] as { name: string; in: string; required?: boolean; schema: Schema }[],
          responses: {
            200: {
              content: { [json]: { schema: { $ref: '#/components/schemas/Note' } } },
              headers: { ETag: {} },
            },
            404: { content: { [problem]: { examples: { 'note.not-found': {} } } } },
          } as Record<
            string,
            {
              content?: Record<string, { schema?: Schema; examples?: object }>
              headers?: Record<string, unknown>
            }
          >,
        },
        post: {
          operationId: 'addNote',
          'x-access': 'session',
          requestBody: {
            content: {
              [json]: {
                schema: {
                  type: 'object',
                  required: ['text'],
                  properties: {
                    text: { type: 'string', minLength: 1, maxLength: 50 },
                    kind: { type: 'string', enum: ['a', 'b'] },
                  },
                  additionalProperties: false,
                },
              },
            } as Record<string, { schema: Schema }>,
          },
          responses: { 201: {} } as Record<string, object>,
        },
      },
    },
    components: {
      schemas: {
        Note: {
          type: 'object',
          required: ['id', 'state'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            state: { type: 'string', enum: ['open', 'done'] },
            at: { anyOf: [{ type: 'string' }, { type: 'null' }] },
            parts: { type: 'array', items: { $ref: '#/components/schemas/Note' } },
          },
        } as Schema,
      },
    },
  }
}
type Api = ReturnType<typeof api>

function changed(change: (document: Api) => void) {
  const after = api()
  change(after)
  return changesBetween(api() as ApiDocument, after as ApiDocument).map(
    ({ kind, at, what }) => `${kind}: ${at}: ${what}`,
  )
}
const note = (document: Api) => document.components.schemas.Note
const sent = (document: Api) =>
  document.paths['/notes'].post.requestBody.content[json]!.schema.properties!
const query = (document: Api) => document.paths['/notes'].get.parameters
const ok = (document: Api) => document.paths['/notes'].get.responses['200']!

type Case = [name: string, change: (document: Api) => void, expected: string]

const breaking: Case[] = [
  [
    'an operation is gone',
    (d) => Reflect.deleteProperty(d.paths['/notes'], 'post'),
    'POST /notes: is gone',
  ],
  [
    'an operation has another id',
    (d) => (d.paths['/notes'].get.operationId = 'all'),
    'GET /notes: operationId listNotes → all',
  ],
  [
    'an operation asks for more',
    (d) => (d.paths['/notes'].get['x-access'] = 'consent'),
    'GET /notes: needs session → consent',
  ],
  [
    'an operation is for others',
    (d) => (d.paths['/notes'].get['x-access'] = 'recipient'),
    'GET /notes: needs session → recipient',
  ],
  ['a parameter is gone', (d) => query(d).pop(), 'GET /notes: query limit is gone'],
  [
    'a parameter is required',
    (d) => (query(d)[0]!.required = true),
    'GET /notes: query limit is required now',
  ],
  [
    'a new one is required',
    (d) => query(d).push({ name: 'q', in: 'query', required: true, schema: {} }),
    'GET /notes: query q is required now',
  ],
  [
    'a parameter allows less',
    (d) => (query(d)[0]!.schema.maximum = 50),
    'GET /notes, query limit: maximum 100 → 50',
  ],
  [
    'a parameter has another type',
    (d) => (query(d)[0]!.schema.type = 'string'),
    'GET /notes, query limit: type integer → string',
  ],
  [
    'a field that is sent is required',
    (d) => (d.paths['/notes'].post.requestBody.content[json]!.schema.required = ['text', 'kind']),
    'POST /notes, body, kind: is required now',
  ],
  [
    'a new field that is sent is required',
    (d) => {
      sent(d)['by'] = { type: 'string' }
      d.paths['/notes'].post.requestBody.content[json]!.schema.required!.push('by')
    },
    'POST /notes, body, by: is required now',
  ],
  [
    'a field that is sent is refused',
    (d) => Reflect.deleteProperty(sent(d), 'kind'),
    'POST /notes, body, kind: is gone',
  ],
  [
    'a value that is sent is refused',
    (d) => (sent(d)['kind']!.enum = ['a']),
    'POST /notes, body, kind: values: no longer: "b"',
  ],
  [
    'only some texts are taken',
    (d) => (sent(d)['text']!.enum = ['x']),
    'POST /notes, body, text: values: no longer: any other',
  ],
  [
    'a text has a form',
    (d) => (sent(d)['text']!.pattern = '^x'),
    'POST /notes, body, text: pattern none → ^x',
  ],
  [
    'a text must be longer',
    (d) => (sent(d)['text']!.minLength = 2),
    'POST /notes, body, text: minLength 1 → 2',
  ],
  [
    'a body has another type',
    (d) => {
      const { content } = d.paths['/notes'].post.requestBody
      content['text/plain'] = content[json]!
      Reflect.deleteProperty(content, json)
    },
    'POST /notes: body application/json is gone',
  ],
  [
    'the body is gone',
    (d) => Reflect.deleteProperty(d.paths['/notes'].post, 'requestBody'),
    'POST /notes: takes no body any more',
  ],
  [
    'a success is gone',
    (d) => Reflect.deleteProperty(d.paths['/notes'].post.responses, '201'),
    'POST /notes: answer 201 is gone',
  ],
  [
    'a type of an answer is gone',
    (d) => (ok(d).content = {}),
    'GET /notes, answer 200: application/json is gone',
  ],
  [
    'a header of an answer is gone',
    (d) => (ok(d).headers = {}),
    'GET /notes, answer 200: header ETag is gone',
  ],
  [
    'a field of an answer is gone',
    (d) => Reflect.deleteProperty(note(d).properties!, 'state'),
    'GET /notes, answer 200, state: is gone',
  ],
  [
    'a field of an answer may be missing',
    (d) => (note(d).required = ['id']),
    'GET /notes, answer 200, state: may be missing now',
  ],
  [
    'a field of an answer has another type',
    (d) => (note(d).properties!['id']!.type = 'integer'),
    'GET /notes, answer 200, id: type string → integer',
  ],
  [
    'a field of an answer has another form',
    (d) => (note(d).properties!['id']!.format = 'uri'),
    'GET /notes, answer 200, id: format uuid → uri',
  ],
  [
    'a field of an answer may be null',
    (d) => (note(d).properties!['id'] = { anyOf: [{ type: 'string' }, { type: 'null' }] }),
    'GET /notes, answer 200, id: its alternatives came or went',
  ],
  [
    'a field of an answer has a further type',
    (d) => note(d).properties!['at']!.anyOf!.push({ type: 'integer' }),
    'GET /notes, answer 200, at: may be integer now',
  ],
]

test.each(breaking)('it breaks callers when %s', (_name, change, expected) => {
  expect(changed(change)).toContain(`breaking: ${expected}`)
})

const harmless: Case[] = [
  [
    'an operation is new',
    (d) => Object.assign(d.paths, { '/more': { get: {} } }),
    'added: GET /more: is new',
  ],
  [
    'an operation asks for less',
    (d) => (d.paths['/notes'].get['x-access'] = 'open'),
    'changed: GET /notes: needs session → open',
  ],
  [
    'an operation is deprecated',
    (d) => Object.assign(d.paths['/notes'].get, { deprecated: true }),
    'changed: GET /notes: is deprecated',
  ],
  [
    'a parameter is new',
    (d) => query(d).push({ name: 'q', in: 'query', schema: {} }),
    'added: GET /notes: query q is new',
  ],
  [
    'a parameter allows more',
    (d) => (query(d)[0]!.schema.maximum = 500),
    'changed: GET /notes, query limit: maximum 100 → 500',
  ],
  [
    'a field may be sent',
    (d) => (sent(d)['by'] = { type: 'string' }),
    'added: POST /notes, body, by: is new',
  ],
  [
    'a further value may be sent',
    (d) => sent(d)['kind']!.enum!.push('c'),
    'added: POST /notes, body, kind: values: now also: "c"',
  ],
  [
    'an answer is new',
    (d) => (d.paths['/notes'].post.responses['409'] = {}),
    'added: POST /notes: answer 409 is new',
  ],
  [
    'a failure is gone',
    (d) => Reflect.deleteProperty(d.paths['/notes'].get.responses, '404'),
    'changed: GET /notes: answer 404 is gone',
  ],
  [
    'a problem code is new',
    (d) =>
      (d.paths['/notes'].get.responses['404']!.content![problem]!.examples = {
        'note.not-found': {},
        'note.gone': {},
      }),
    'added: GET /notes, answer 404: note.gone is new',
  ],
  [
    'a field of an answer is new',
    (d) => (note(d).properties!['by'] = { type: 'string' }),
    'added: GET /notes, answer 200, by: is new',
  ],
  [
    'a field of an answer is always there',
    (d) => note(d).required!.push('parts'),
    'changed: GET /notes, answer 200, parts: is required now',
  ],
  [
    'an answer has a further value, as callers are told',
    (d) => note(d).properties!['state']!.enum!.push('new'),
    'changed: GET /notes, answer 200, state: values: now also: "new"',
  ],
  [
    'an answer has a value less',
    (d) => note(d).properties!['state']!.enum!.pop(),
    'changed: GET /notes, answer 200, state: values: no longer: "done"',
  ],
]

test.each(harmless)('it breaks nobody when %s', (_name, change, expected) => {
  const found = changed(change)
  expect(found).toContain(expected)
  expect(found.filter((each) => each.startsWith('breaking'))).toEqual([])
})

test('words do not count, and what is the same has not changed', () => {
  expect(changed((d) => Object.assign(note(d), { description: 'other words' }))).toEqual([])
})

describe('a version', () => {
  const withVersion = (version: string, change: (document: Api) => void = () => undefined) => {
    const document = api()
    document.info.version = version
    change(document)
    return document as ApiDocument
  }
  const withoutPost = (d: Api) => Reflect.deleteProperty(d.paths['/notes'], 'post')

  test.each([
    ['1.2.0', '1.3.0', ['POST /notes: is gone']],
    ['1.2.0', '1.2.0', ['POST /notes: is gone']],
    ['1.2.0', '2.0.0', []],
    ['0.1.0', '0.1.1', ['POST /notes: is gone']],
    ['0.1.0', '0.2.0', []],
  ])('from %s to %s must tell of what breaks', (was, is, faults) => {
    expect(faultsOfVersion(withVersion(was), withVersion(is, withoutPost as never))).toEqual(faults)
  })

  test('does not go back', () => {
    expect(faultsOfVersion(withVersion('1.2.0'), withVersion('1.1.9'))).toHaveLength(1)
  })

  test('is summed up for people, the breaking first', () => {
    const after = withVersion('1.2.0', (d) => {
      withoutPost(d)
      query(d).push({ name: 'q', in: 'query', schema: {} })
    })
    expect(summary(withVersion('1.2.0'), after)).toBe(
      'Since 1.2.0:\nBreaking:\n  POST /notes: is gone\nAdded:\n  GET /notes: query q is new',
    )
    expect(summary(withVersion('1.2.0'), withVersion('1.2.0'))).toContain('Nothing')
  })

  test('is kept once, and the highest is the last', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'released-'))
    try {
      for (const version of ['0.9.0', '0.10.0']) {
        await release(stringify(withVersion(version)), folder)
      }
      await writeFile(join(folder, 'README.md'), '')
      expect((await lastReleased(folder)).info.version).toBe('0.10.0')
      await expect(release(stringify(withVersion('0.9.0')), folder)).rejects.toThrow('EEXIST')
      expect(await readdir(folder)).toHaveLength(3)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
