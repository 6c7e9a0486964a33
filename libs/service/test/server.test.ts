import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import Type from 'typebox'
import { AppError } from '@minaintyg/errors'
import { createServer } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { createLogSink, createTestTokens, expectProblem } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'

const personalNumber = '191212121212'
const errors = { taken: { code: 'thing.taken', status: 409, title: 'It is taken' } } as const
const sink = createLogSink()
let tokens: TestTokens
let app: Server

beforeAll(async () => {
  tokens = await createTestTokens()
  app = await createServer({
    name: 'things',
    logDestination: sink.destination,
    authentication: tokens.authentication('things'),
  })
  const body = Type.Object({ name: Type.String() }, { additionalProperties: false })
  app.post('/things', { config: { access: 'open' }, schema: { body } }, async ({ body }) => body)
  app.get('/things/:id', { config: { access: 'patient' } }, async (request) => request.caller)
  app.get('/taken', { config: { access: 'open' } }, async () => {
    throw new AppError(errors.taken, { detail: 'Ask for another.', extensions: { earlier: 'a' } })
  })
  app.get('/bug', { config: { access: 'open' } }, async () => {
    throw new Error(`no such row: ${personalNumber}`)
  })
})
afterAll(() => app.close())

const post = (payload: string | object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/things', payload, headers })

describe('bad input', () => {
  test.each([
    ['an unknown field', { name: 'a', more: 1 }, 'request.invalid', 400],
    ['a number where text belongs, which is not coerced', { name: 5 }, 'request.invalid', 400],
    ['null', 'null', 'request.invalid', 400],
    ['broken JSON', '{"name":', 'request.malformed', 400],
    ['a NUL byte', '{"name":"a\\u0000b"}', 'request.malformed', 400],
    ['a prototype key', '{"name":"a","__proto__":{"x":1}}', 'request.malformed', 400],
    ['two megabytes', JSON.stringify({ name: 'x'.repeat(2_000_000) }), 'request.too-large', 413],
  ])('answers a problem to %s', async (_what, payload, code, status) => {
    expectProblem(await post(payload, { 'content-type': 'application/json' }), status, code)
  })

  test('answers a problem to another content type', async () => {
    const answer = await post('name=a', { 'content-type': 'application/x-www-form-urlencoded' })
    expectProblem(answer, 415, 'request.unsupported-media-type')
  })

  test.each([
    ['an unknown path', 'GET', '/nothing', 404, 'route.not-found'],
    ['a wrong method', 'DELETE', '/things', 405, 'route.method-not-allowed'],
    ['a broken percent encoding', 'GET', '/things/%E0%A4%A', 400, 'request.malformed'],
    ['a NUL in the path', 'GET', '/things/a%00b', 400, 'request.malformed'],
  ] as const)('answers a problem to %s', async (_what, method, url, status, code) => {
    expectProblem(await app.inject({ method, url }), status, code)
  })

  test('speaks of the address and not of the body where the method is wrong', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await app.inject({ method: 'PUT', url: '/things', headers, payload: '{' })
    expectProblem(answer, 405, 'route.method-not-allowed')
  })

  test('names the methods that there are', async () => {
    const answer = await app.inject({ method: 'DELETE', url: '/things' })
    expect(answer.headers['allow']).toBe('OPTIONS, POST')
  })

  test('answers OPTIONS with them wherever there is something', async () => {
    const answer = await app.inject({ method: 'OPTIONS', url: '/things/1' })
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS')
    const nothing = await app.inject({ method: 'OPTIONS', url: '/nothing' })
    expectProblem(nothing, 404, 'route.not-found')
  })

  test.each([9_000, 20_000, 60_000])(
    'answers 414 to an address of %i characters',
    async (length) => {
      const server = await createServer({ name: 'long', logLevel: 'silent' })
      await server.listen({ host: '127.0.0.1', port: 0 })
      const { port } = server.server.address() as AddressInfo
      const answer = await fetch(`http://127.0.0.1:${port}/${'x'.repeat(length)}`)
      expect(await answer.json()).toMatchObject({ status: 414, code: 'request.uri-too-long' })
      expect(answer.headers.get('traceparent')).toMatch(/^00-/)
      await server.close()
    },
  )

  test('never gives a value back', async () => {
    const answer = await post({ name: 5, [personalNumber]: personalNumber })
    expect(answer.body).not.toContain(personalNumber)
  })

  test('answers a problem to what is no HTTP, and lives on', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
      let text = ''
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('close', () => {
          resolve(text)
        })
        .on('error', reject)
    })
    expect(answer).toContain('400 Bad Request')
    expect(answer).toContain('"code":"request.malformed"')
    expect((await app.inject('/livez')).statusCode).toBe(200)
  })
})

describe('faults', () => {
  test('an AppError is told with its code, detail and extensions', async () => {
    const answer = await app.inject('/taken')
    expectProblem(answer, 409, 'thing.taken')
    expect(answer.json()).toMatchObject({ detail: 'Ask for another.', earlier: 'a' })
  })

  test('a bug is told without its text, and logged once with the number blotted out', async () => {
    sink.lines.length = 0
    const answer = await app.inject('/bug')
    expectProblem(answer, 500, 'service.failed')
    expect(answer.body).not.toContain('row')
    const errors = sink.entries().filter(({ level }) => level === 'error')
    expect(errors).toHaveLength(1)
    expect(sink.lines.join('')).not.toContain(personalNumber)
  })

  test('a route that does not say who may call it cannot be added', async () => {
    const other = await createServer({ name: 'other', logLevel: 'silent' })
    expect(() => other.get('/x', async () => 'x')).toThrow('config.access')
    await other.close()
  })
})

describe('tokens', () => {
  const get = (headers: Record<string, string>) => app.inject({ url: '/things/1', headers })

  test('a patient’s token opens the route, and says who calls', async () => {
    const answer = await get(await tokens.patient('things', 'p1', { act: { sub: 'rendering' } }))
    expect(answer.json()).toMatchObject({ subject: 'p1', clientId: 'gateway', actor: 'rendering' })
  })

  test('a token with another scope is 403', async () => {
    expectProblem(await get(await tokens.client('things', 'x')), 403, 'token.insufficient-scope')
  })

  const claims = { aud: 'things', sub: 'p1', client_id: 'gateway', scope: 'patient' }
  test.each<[string, () => Promise<string> | string]>([
    ['nothing', () => ''],
    ['no bearer', () => 'Basic YTpi'],
    ['nonsense', () => 'Bearer a.b.c'],
    ['another audience', async () => `Bearer ${await tokens.sign({ ...claims, aud: 'others' })}`],
    ['an ID token', async () => `Bearer ${await tokens.sign(claims, { typ: 'JWT' })}`],
    ['no client', async () => `Bearer ${await tokens.sign({ ...claims, client_id: undefined })}`],
    ['an unknown key', async () => `Bearer ${await tokens.sign(claims, { kid: 'other' })}`],
    ['a future nbf', async () => `Bearer ${await tokens.sign({ ...claims, nbf: 4_000_000_000 })}`],
    ['an odd nbf', async () => `Bearer ${await tokens.sign({ ...claims, nbf: 'soon' })}`],
    ['alg none', () => `Bearer ${unsigned({ ...claims, exp: 4_000_000_000 })}`],
  ])('%s is 401', async (_what, header) => {
    expectProblem(await get({ authorization: await header() }), 401, 'token.invalid')
  })
})

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'at+jwt', kid: 'test' })}.${part(claims)}.`
}

test('a trace goes on where it began, and is answered', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  const answer = await app.inject({ url: '/taken', headers })
  expect(answer.json()).toMatchObject({ traceId })
  expect(answer.headers['traceparent']).toContain(traceId)
  const unreadable = await app.inject({ url: '/things/%E0%A4%A', headers })
  expect(unreadable.json()).toMatchObject({ traceId })
  expect(unreadable.headers['traceparent']).toContain(traceId)
})
