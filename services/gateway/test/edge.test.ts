import { connect } from 'node:net'
import { expectProblem } from '@minaintyg/testing'
import { change, cookie, frontEnd, startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const sendRaw = (port: number, bytes: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket
      .on('data', (chunk) => (text += chunk.toString()))
      .on('close', () => {
        resolve(text)
      })
      .on('error', reject)
  })

describe('bad input', () => {
  test.each([
    ['an unknown path', 'GET', '/nothing', 404, 'route.not-found'],
    ['a path outside the API', 'GET', '!/', 404, 'route.not-found'],
    ['a wrong method', 'PATCH', '/consent', 405, 'route.method-not-allowed'],
    ['a broken percent encoding', 'GET', '/certificates/%E0%A4%A', 400, 'request.malformed'],
    ['a NUL in the path', 'GET', '/certificates/a%00', 400, 'request.malformed'],
    ['what is no id', 'GET', '/certificates/1', 400, 'request.invalid'],
    ['an unknown filter', 'GET', '/certificates?personnummer=1', 400, 'request.invalid'],
    ['a limit beyond the most', 'GET', '/certificates?limit=101', 400, 'request.invalid'],
  ] as const)('answers a problem to %s', async (_what, method, path, status, code) => {
    expectProblem(await gateway.asPatient(method, path), status, code)
  })

  const json = { 'content-type': 'application/json' }
  test.each<[string, string | object, Record<string, string>, number, string]>([
    ['an unknown field', { textVersion: '1.0', more: 1 }, json, 400, 'request.invalid'],
    ['a number where text belongs', { textVersion: 1 }, json, 400, 'request.invalid'],
    ['nothing at all', '', {}, 400, 'request.invalid'],
    ['broken JSON', '{', json, 400, 'request.malformed'],
    ['a NUL byte', '{"textVersion":"1\\u0000"}', json, 400, 'request.malformed'],
    ['two megabytes', JSON.stringify('x'.repeat(2_000_000)), json, 413, 'request.too-large'],
    [
      'a form',
      'textVersion=1.0',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'request.unsupported-media-type',
    ],
    ['plain text', 'x', { 'content-type': 'text/plain' }, 415, 'request.unsupported-media-type'],
    ['bytes without a type', 'x', { 'content-type': '' }, 415, 'request.unsupported-media-type'],
  ])('answers a problem to a body that is %s', async (_what, payload, headers, status, code) => {
    expectProblem(await gateway.asPatient('POST', '/consent', { payload, headers }), status, code)
  })

  test('takes a body of no length for none, whatever its type says', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '0' }
    const answer = await gateway.asPatient('POST', '/session/extend', { headers })
    expect(answer.statusCode).toBe(200)
  })
})

describe('every answer', () => {
  const json = { ...change, 'content-type': 'application/json' }
  test.each([
    ['a success', 'GET', '/api-info', ''],
    ['a problem', 'GET', '/me', ''],
    ['an unknown path', 'GET', '/nothing', ''],
    ['a path outside the API', 'GET', '!/', ''],
    ['an address that cannot be read', 'GET', '/%E0%A4%A', ''],
    ['a NUL', 'GET', '/a%00', ''],
    ['a method that there is not', 'PATCH', '/consent', ''],
    ['too large a body', 'POST', '/consent', 'x'.repeat(100_000)],
    ['a log-in that fails', 'GET', '/auth/callback', ''],
    ['a page', 'GET', '/problems/route.not-found', ''],
    ['a probe', 'GET', '!/livez', ''],
  ] as const)('has the headers that keep a browser safe: %s', async (_what, method, path, body) => {
    const { headers } = await gateway.ask(method, path, {
      ...(body === '' ? {} : { headers: json, payload: body }),
    })
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-site',
    })
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  test.each([
    ['no HTTP at all', 'NONSENSE\r\n\r\n', '400', 'request.malformed'],
    [
      'more headers than anyone needs',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431',
      'request.headers-too-large',
    ],
    [
      'an address without end',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      '414',
      'request.uri-too-long',
    ],
  ])('has them also where there is no request: %s', async (_what, bytes, status, code) => {
    const secure = await startTestGateway({ PUBLIC_URL: 'https://api.test/minaintyg/v1' })
    try {
      const answer = await sendRaw(await secure.listen(), bytes)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(answer).toContain(`"code":"${code}"`)
      for (const header of [
        'content-security-policy: default-src',
        'strict-transport-security: max-age=63072000',
        'x-content-type-options: nosniff',
        'cache-control: no-store',
        'referrer-policy: no-referrer',
        'cross-origin-resource-policy: same-site',
      ]) {
        expect(answer).toContain(header)
      }
      expect(answer.match(/cache-control/g)).toHaveLength(1)
    } finally {
      await secure.close()
    }
  })

  test('over https says so for two years, and gives its cookies the prefix', async () => {
    const secure = await startTestGateway({ PUBLIC_URL: 'https://api.test/minaintyg/v1' })
    try {
      const { headers } = await secure.ask('GET', '/auth/login?returnTo=/intyg')
      expect(headers['strict-transport-security']).toContain('max-age=63072000')
      expect(headers['set-cookie']).toMatch(
        /^__Host-minaintyg-log-in=.*; Path=\/; HttpOnly; Secure/,
      )
    } finally {
      await secure.close()
    }
  })
})

describe('CORS', () => {
  test('lets the front end read answers, errors too, with its cookie', async () => {
    for (const path of ['/session', '/me', '/nothing']) {
      const { headers } = await gateway.ask('GET', path, { headers: { origin: frontEnd } })
      expect(headers).toMatchObject({
        'access-control-allow-origin': frontEnd,
        'access-control-allow-credentials': 'true',
        vary: expect.stringContaining('Origin'),
      })
    }
  })

  test.each(['https://evil.test', 'null', '*', 'http://localhost:8081.evil.test'])(
    'tells %s nothing',
    async (origin) => {
      const { headers } = await gateway.ask('GET', '/session', { headers: { origin } })
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['access-control-allow-credentials']).toBeUndefined()
    },
  )

  test.each([
    [frontEnd, true],
    ['https://evil.test', false],
  ])('answers the preflight of %s', async (origin, isAllowed) => {
    const answer = await gateway.ask('OPTIONS', '/consent', {
      headers: { origin, 'access-control-request-method': 'DELETE' },
    })
    expect(answer.statusCode).toBe(204)
    expect(answer.headers['access-control-allow-methods'] !== undefined).toBe(isAllowed)
    if (isAllowed) {
      expect(answer.headers['access-control-allow-headers']).toContain('X-Requested-With')
    }
  })
})

describe('CSRF', () => {
  const calls = [
    ['POST', '/consent'],
    ['DELETE', '/consent'],
    ['POST', '/auth/logout'],
    ['POST', '/session/extend'],
    ['PUT', '/certificates/7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c02/archived'],
    ['POST', '/certificates/7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c02/dispatches'],
    ['POST', '/certificates/7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c02/download-link'],
    ['DELETE', '/dispatches/7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c04'],
  ] as const

  test.each(calls)('%s %s needs an allowed origin', async (method, path) => {
    const before = gateway.neighbours.seen.length
    const headers = { cookie, 'x-requested-with': 'mina-intyg' }
    for (const origin of [{}, { origin: 'https://evil.test' }, { origin: 'null' }]) {
      const answer = await gateway.ask(method, path, { headers: { ...headers, ...origin } })
      expectProblem(answer, 403, 'csrf.origin-not-allowed')
    }
    expect(gateway.neighbours.seen).toHaveLength(before)
  })

  test.each(calls)('%s %s needs the header that a form cannot send', async (method, path) => {
    for (const more of [{}, { 'x-requested-with': 'XMLHttpRequest' }]) {
      const headers = { cookie, origin: frontEnd, ...more }
      expectProblem(await gateway.ask(method, path, { headers }), 403, 'csrf.header-missing')
    }
  })
})

test('what a neighbour says of a fault is told with the code and a page of this API', async () => {
  const answer = await gateway.asPatient('POST', '/consent', { payload: { textVersion: '0' } })
  expectProblem(answer, 409, 'consent.text-outdated')
  const { type } = answer.json()
  expect(type).toBe('/minaintyg/v1/problems/consent.text-outdated')
  const page = await gateway.ask('GET', `!${type}`)
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
})

test('a call goes on in the caller’s trace', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await gateway.asPatient('GET', '/consent', {
    headers: { ...change, traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  })
  const { headers } = gateway.neighbours.seen.at(-1)!
  expect(headers['traceparent']).toContain(traceId)
})
