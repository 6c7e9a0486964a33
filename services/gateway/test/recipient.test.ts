import { expectProblem } from '@minaintyg/testing'
import { startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'
import { ids } from './neighbours.ts'

let gateway: TestGateway
let bearer: { authorization: string }
beforeAll(async () => {
  gateway = await startTestGateway()
  bearer = await gateway.tokens.client('dispatch', 'recipient', 'forsakringskassan')
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.neighbours.mood.broken.clear()
  gateway.neighbours.seen.length = 0
})

const document = `/recipient/dispatches/${ids.dispatch}/document`
const receipts = `/recipient/dispatches/${ids.dispatch}/receipts`
const receipt = {
  id: '0d9f2c4e-6d7b-4a51-9f44-1f0b7f3f2a10',
  kind: 'received',
  at: '2026-11-22T10:00:00Z',
}

test.each([undefined, 'application/xml', 'application/json', 'application/pdf'])(
  'the document comes byte for byte as %s',
  async (accept) => {
    const headers = { ...bearer, ...(accept === undefined ? {} : { accept }) }
    const answer = await gateway.ask('GET', document, { headers })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(accept ?? 'application/xml')
    expect([...answer.rawPayload]).toEqual([0xfe, 0xff, 0x00, 0x3c])
    expect(answer.headers['etag']).toBe('"doc"')
  },
)

test('a form that there is not is 406', async () => {
  const answer = await gateway.ask('GET', document, { headers: { ...bearer, accept: 'text/html' } })
  expectProblem(answer, 406, 'document.not-acceptable')
})

test('a part of the document comes as such, and 304 where it is known', async () => {
  const range = { range: 'bytes=1-2', 'if-range': '"doc"' }
  const part = await gateway.ask('GET', document, { headers: { ...bearer, ...range } })
  expect([part.statusCode, ...part.rawPayload]).toEqual([206, 0xff, 0x00])
  expect(part.headers).toMatchObject({
    'content-range': 'bytes 1-2/4',
    'accept-ranges': 'bytes',
    etag: '"doc"',
  })
  const beyond = await gateway.ask('GET', document, { headers: { ...bearer, range: 'bytes=9-' } })
  expectProblem(beyond, 416, 'document.range-not-satisfiable')
  expect(beyond.headers['content-range']).toBe('bytes */4')
  const known = { ...bearer, 'if-none-match': '"doc"' }
  const answer = await gateway.ask('GET', document, { headers: known })
  expect([answer.statusCode, answer.body, answer.headers['etag']]).toEqual([304, '', '"doc"'])
})

test('HEAD says tag and size, and its own status', async () => {
  const answer = await gateway.ask('HEAD', document, { headers: bearer })
  expect([answer.statusCode, answer.body]).toEqual([200, ''])
  expect(answer.headers).toMatchObject({ etag: '"doc"', 'content-length': '4' })
  const status = async (headers: Record<string, string>) =>
    (await gateway.ask('HEAD', document, { headers })).statusCode
  expect(await status({ ...bearer, accept: 'text/html' })).toBe(406)
  expect(await status({})).toBe(401)
  gateway.neighbours.mood.broken.add('dispatch')
  expect(await status(bearer)).toBe(503)
})

test('the feed goes on where one was', async () => {
  const answer = await gateway.ask('GET', '/recipient/dispatches?after=17&limit=1000', {
    headers: bearer,
  })
  expect(answer.json()).toEqual({ items: [{ a: 1 }], nextAfter: 1 })
  expect(gateway.neighbours.seen[0]?.url).toBe('/recipient/dispatches?after=17&limit=1000')
})

test.each(['limit=1001', 'after=-1', 'after=x', 'before=1'])(
  'the feed is 400 with %s',
  async (query) => {
    const answer = await gateway.ask('GET', `/recipient/dispatches?${query}`, { headers: bearer })
    expectProblem(answer, 400, 'request.invalid')
  },
)

test('a receipt needs neither origin nor cookie, and comes through whole', async () => {
  const answer = await gateway.ask('POST', receipts, { headers: bearer, payload: receipt })
  expect([answer.statusCode, answer.body]).toEqual([204, ''])
  expect(gateway.neighbours.seen[0]).toMatchObject({ body: receipt, subject: 'forsakringskassan' })
})

test.each([
  ['an unknown field', { ...receipt, name: 'x' }],
  ['an unknown kind', { ...receipt, kind: 'lost' }],
  ['no time', { id: receipt.id, kind: 'received' }],
])('a receipt with %s is 400', async (_what, payload) => {
  const answer = await gateway.ask('POST', receipts, { headers: bearer, payload })
  expectProblem(answer, 400, 'request.invalid')
})

describe('a token', () => {
  test.each([
    ['GET', document],
    ['GET', '/recipient/dispatches'],
    ['POST', receipts],
  ] as const)('is needed for %s %s, and another’s will not do', async (method, path) => {
    const payload = method === 'POST' ? { payload: receipt } : {}
    const patient = await gateway.tokens.patient('dispatch', ids.patient)
    const other = await gateway.tokens.client('identity', 'recipient')
    expectProblem(await gateway.ask(method, path, payload), 401, 'token.invalid')
    for (const [headers, status, code] of [
      [{ authorization: 'Bearer x.y.z' }, 401, 'token.invalid'],
      [other, 401, 'token.invalid'],
      [patient, 403, 'token.insufficient-scope'],
    ] as const) {
      expectProblem(await gateway.ask(method, path, { headers, ...payload }), status, code)
    }
  })
})

test('a fault of dispatch is 503, without its words', async () => {
  gateway.neighbours.mood.broken.add('dispatch')
  const answer = await gateway.ask('GET', document, { headers: bearer })
  expectProblem(answer, 503, 'dispatch.unavailable')
  expect(answer.body).not.toContain('a bug')
})
