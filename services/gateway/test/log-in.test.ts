import { createLogSink, expectProblem } from '@minaintyg/testing'
import { base, change, cookie, frontEnd, startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'
import { logInId, session } from './neighbours.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.neighbours.mood.logIn = undefined
  gateway.neighbours.mood.returnTo = '/intyg'
  gateway.neighbours.mood.broken.clear()
  gateway.neighbours.seen.length = 0
})

const setCookies = (headers: Record<string, unknown>) =>
  [headers['set-cookie'] ?? []].flat() as string[]
const logInCookie = `minaintyg-log-in=${logInId}`
const errorPage = (code: string) => `${frontEnd}/login-error?code=${code}`

describe('GET /auth/login', () => {
  test('goes to the e-legitimation, and keeps nothing but the log-in’s id in a cookie of ten minutes', async () => {
    const answer = await gateway.ask('GET', '/auth/login?returnTo=%2Fintyg%3Fsort%3D-issuedAt')
    expect(answer.statusCode).toBe(303)
    expect(answer.headers['location']).toBe('https://op.test/authorize?x=1')
    expect(setCookies(answer.headers)).toEqual([
      `${logInCookie}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax`,
    ])
    expect(gateway.neighbours.seen).toMatchObject([
      { url: '/log-ins', body: { returnTo: '/intyg?sort=-issuedAt' } },
    ])
  })

  test('names the session that the browser has, so that the log-in can end it', async () => {
    await gateway.asPatient('GET', '/auth/login?returnTo=/')
    expect(gateway.neighbours.seen).toMatchObject([
      { url: '/log-ins', body: { returnTo: '/', session } },
    ])
  })

  test.each([
    ['another host', 'https://evil.test/'],
    ['a host without its scheme', '//evil.test'],
    ['a backslash', '/\\evil.test'],
    ['backslashes alone', '\\\\evil.test'],
    ['an encoded slash', '/%2Fevil.test'],
    ['a slash encoded twice', '/%252Fevil.test'],
    ['an encoded backslash', '/%5Cevil.test'],
    ['a tab that browsers drop', '/\t/evil.test'],
    ['a line break', '/intyg\r\nSet-Cookie: a=b'],
    ['a dot segment before two slashes', '/.//evil.test'],
    ['an encoded dot segment', '/%2e//evil.test'],
    ['a segment back', '/a/..//evil.test'],
    ['a name before the host', '@evil.test'],
    ['a script', 'javascript:alert(1)'],
    ['nothing', ''],
    ['a path without a slash', 'intyg'],
    ['a space', ' /intyg'],
    ['letters beyond ASCII', '/\u2025/evil.test'],
    ['a path without end', `/${'a'.repeat(2_000)}`],
  ])('refuses to return to %s', async (_what, returnTo) => {
    const answer = await gateway.ask('GET', `/auth/login?returnTo=${encodeURIComponent(returnTo)}`)
    expectProblem(answer, 400, 'login.return-to-not-allowed')
    expect(gateway.neighbours.seen).toEqual([])
  })

  test('leads to the error page when identity cannot begin one', async () => {
    gateway.neighbours.mood.logIn = 'login.provider-unavailable'
    const answer = await gateway.ask('GET', '/auth/login?returnTo=/')
    expect(answer.statusCode).toBe(303)
    expect(answer.headers['location']).toBe(errorPage('login.provider-unavailable'))
  })

  test('a HEAD begins none', async () => {
    expectProblem405(await gateway.ask('HEAD', '/auth/login?returnTo=/'))
    expect(gateway.neighbours.seen).toEqual([])
  })
})

const expectProblem405 = ({ statusCode }: { statusCode: number }) => {
  expect(statusCode).toBe(405)
}

describe('GET /auth/callback', () => {
  const back = (query = '?code=abc&state=def', headers: Record<string, string> = {}) =>
    gateway.ask('GET', `/auth/callback${query}`, { headers: { cookie: logInCookie, ...headers } })

  test('sets the session cookie and comes to where the patient wanted to go', async () => {
    const answer = await back()
    expect(answer.statusCode).toBe(303)
    expect(answer.headers['location']).toBe(`${frontEnd}/intyg`)
    expect(setCookies(answer.headers)).toEqual([
      expect.stringMatching(/^minaintyg-log-in=; Max-Age=0; Path=\/;/),
      `minaintyg-session=${session}; Path=/; HttpOnly; SameSite=Strict`,
    ])
    expect(gateway.neighbours.seen).toMatchObject([
      { url: '/log-ins/completions', body: { logInId, parameters: 'code=abc&state=def' } },
    ])
  })

  test('ends the session that the browser had before', async () => {
    await back('?code=a&state=b', { cookie: `${logInCookie}; ${cookie}` })
    expect(gateway.neighbours.seen.at(-1)).toMatchObject({
      url: '/sessions/terminations',
      body: { session },
    })
  })

  test.each(['login.cancelled', 'login.loa-too-low', 'login.too-young', 'login.failed'])(
    'leads to the error page with %s, and sets no session',
    async (code) => {
      gateway.neighbours.mood.logIn = code
      const answer = await back('?error=access_denied')
      expect(answer.statusCode).toBe(303)
      expect(answer.headers['location']).toBe(errorPage(code))
      expect(setCookies(answer.headers).join()).not.toContain('minaintyg-session=')
    },
  )

  test('without its cookie is a log-in that has expired, and identity is not asked', async () => {
    const answer = await gateway.ask('GET', '/auth/callback?code=a&state=b')
    expect(answer.headers['location']).toBe(errorPage('login.expired'))
    expect(gateway.neighbours.seen).toEqual([])
  })

  test('does not follow an address elsewhere, whoever says it', async () => {
    gateway.neighbours.mood.returnTo = '//evil.test'
    const answer = await back()
    expect(answer.headers['location']).toBe(errorPage('login.return-to-not-allowed'))
    expect(setCookies(answer.headers).join()).not.toContain('minaintyg-session=')
  })

  test('a fault of identity is told without its words', async () => {
    gateway.neighbours.mood.broken.add('identity')
    const answer = await back()
    expect(answer.headers['location']).toBe(errorPage('identity.unavailable'))
  })
})

describe('the session', () => {
  test('is told to those who have none too', async () => {
    const answer = await gateway.ask('GET', '/session')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      authenticated: false,
      secondsUntilExpire: null,
      absoluteExpiry: null,
    })
    expect(gateway.neighbours.seen).toEqual([])
  })

  test('is told without being extended', async () => {
    const answer = await gateway.asPatient('GET', '/session')
    expect(answer.json()).toMatchObject({ authenticated: true, secondsUntilExpire: 1800 })
    expect(gateway.neighbours.seen.map(({ url }) => url)).toEqual(['/sessions/introspections'])
  })

  test('can be extended', async () => {
    expect((await gateway.asPatient('POST', '/session/extend')).statusCode).toBe(200)
  })

  test.each([
    ['no cookie', {}, 'session.required'],
    ['an ended session', { cookie: `minaintyg-session=${'x'.repeat(43)}` }, 'session.expired'],
    ['what was never a cookie of ours', { cookie: 'minaintyg-session=a%00b' }, 'session.expired'],
  ] as const)('with %s nothing is extended', async (_what, headers, code) => {
    const answer = await gateway.ask('POST', '/session/extend', {
      headers: { ...change, ...headers },
    })
    expectProblem(answer, 401, code)
  })
})

describe('POST /auth/logout', () => {
  test('ends the session, clears the cookie and what the browser keeps', async () => {
    const answer = await gateway.asPatient('POST', '/auth/logout')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ endSessionUrl: 'https://op.test/end' })
    expect(answer.headers['clear-site-data']).toContain('"storage"')
    expect(setCookies(answer.headers)).toEqual([
      expect.stringMatching(/^minaintyg-session=; Max-Age=0; Path=\/;.*SameSite=Strict$/),
    ])
    expect(gateway.neighbours.seen).toMatchObject([
      { url: '/sessions/terminations', body: { session } },
    ])
  })

  test('is no fault for someone who is logged out', async () => {
    const answer = await gateway.ask('POST', '/auth/logout', { headers: change })
    expect(answer.json()).toEqual({ endSessionUrl: null })
  })
})

describe('what machines send as forms', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = (path: string, payload: string, headers: Record<string, string> = form) =>
    gateway.ask('POST', path, { payload, headers })

  test('a token request comes to identity as it was, and its answer back', async () => {
    const payload = 'grant_type=client_credentials&client_assertion=good&scope=a%20b&scope=c'
    const answer = await post('/oauth/token', payload)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ access_token: 'x', token_type: 'Bearer' })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(gateway.neighbours.seen).toMatchObject([{ url: '/oauth/token', body: payload }])
  })

  test('a refusal keeps the form that OAuth gives it', async () => {
    const answer = await post('/oauth/token', 'client_assertion=bad')
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({ error: 'invalid_client' })
  })

  test('JSON is refused', async () => {
    const answer = await post('/oauth/token', '{}', { 'content-type': 'application/json' })
    expectProblem(answer, 415, 'request.unsupported-media-type')
  })

  test('a back-channel log-out is handed on, and needs no origin', async () => {
    const answer = await post('/auth/backchannel-logout', 'logout_token=good')
    expect(answer.statusCode).toBe(200)
    const refused = await post('/auth/backchannel-logout', 'logout_token=bad')
    expectProblem(refused, 400, 'logout-token.invalid')
    expect(refused.json().type).toBe(`${base}/problems/logout-token.invalid`)
  })

  test('identity’s keys and the keys of events are one set', async () => {
    const answer = await gateway.ask('GET', '/.well-known/jwks.json')
    const { keys } = answer.json()
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual(['tokens', 'events'])
    expect(answer.headers['cache-control']).toContain('max-age=60')
  })

  test.each([
    ['/.well-known/rp-metadata.json', { client_id: 'mina-intyg' }],
    ['/.well-known/rp-jwks.json', { keys: [] }],
  ])('the e-legitimation reads %s as identity publishes it', async (path, document) => {
    const answer = await gateway.ask('GET', path)
    expect([answer.statusCode, answer.json()]).toEqual([200, document])
    expect(answer.headers['cache-control']).toContain('max-age=60')
    gateway.neighbours.mood.broken.add('identity')
    expectProblem(await gateway.ask('GET', path), 503, 'identity.unavailable')
    gateway.neighbours.mood.broken.clear()
  })
})

test('no cookie, code or token comes into the log', async () => {
  const sink = createLogSink()
  const logged = await startTestGateway(
    { LOG_LEVEL: 'trace' },
    { logDestination: sink.destination },
  )
  try {
    await logged.ask('GET', '/auth/callback?code=secret-code&state=secret-state', {
      headers: { cookie: logInCookie },
    })
    await logged.asPatient('GET', '/me')
    logged.neighbours.mood.broken.add('consent')
    await logged.asPatient('GET', '/consent')
    await logged.ask('GET', '/downloads/secret-grant-of-a-link')
    expect(sink.lines.length).toBeGreaterThan(3)
    const all = sink.lines.join('')
    for (const secret of [session, logInId, 'secret-', 'eyJ']) expect(all).not.toContain(secret)
  } finally {
    await logged.close()
  }
})
