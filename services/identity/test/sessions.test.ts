import { SignJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose'
import type { JWTPayload } from 'jose'
import pg from 'pg'
import { audiences } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'

const minute = 60_000
let provider: HostileProvider
let identity: IdentityUnderTest

beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
})
afterAll(async () => {
  await identity.close()
  await provider.stop()
})
afterEach(() => {
  identity.clock.reset()
})

async function openSession(): Promise<string> {
  const begun = await identity.post('/log-ins', { returnTo: '/' })
  const { logInId, authorizationUrl } = begun.json()
  const parameters = provider.callbackFor(authorizationUrl)
  const answer = await identity.post('/log-ins/completions', { logInId, parameters })
  expect(answer.statusCode).toBe(201)
  return answer.json().session
}

const ask = (url: string, session: string) => identity.post(url, { session })
const stateOf = async (session: string) => (await ask('/sessions/introspections', session)).json()
const requestToken = (session: string, audience: string = audiences.identity) =>
  identity.post('/session-tokens', { session, audience })
async function tokenFor(session: string, audience?: string): Promise<string> {
  const answer = await requestToken(session, audience)
  expect(answer.statusCode).toBe(201)
  return answer.json().accessToken
}
const loggedOut = { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }

describe('a session', () => {
  test('ends after 30 minutes without use, and looking at it is no use', async () => {
    const session = await openSession()
    expect(await stateOf(session)).toMatchObject({ authenticated: true })
    identity.clock.forward(29 * minute)
    const { secondsUntilExpire } = await stateOf(session)
    expect(secondsUntilExpire).toBeGreaterThan(50)
    expect(secondsUntilExpire).toBeLessThanOrEqual(60)
    identity.clock.forward(minute)
    expect(await stateOf(session)).toEqual(loggedOut)
    expectProblem(await requestToken(session), 401, 'session.expired')
    expect((await ask('/sessions/extensions', session)).json()).toEqual(loggedOut)
  })

  test('goes on with use and with extension, for 8 hours at most', async () => {
    const session = await openSession()
    for (let passed = 0; passed < 460; passed += 20) {
      identity.clock.forward(20 * minute)
      if (passed % 40 === 0) await tokenFor(session)
      else expect((await ask('/sessions/extensions', session)).json().authenticated).toBe(true)
    }
    expect((await stateOf(session)).secondsUntilExpire).toBeLessThanOrEqual(20 * 60)
    identity.clock.forward(20 * minute)
    expect(await stateOf(session)).toEqual(loggedOut)
  })

  test('ends at once, for all of 20 log-outs at the same time, and stays ended', async () => {
    const session = await openSession()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask('/sessions/terminations', session)),
    )
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    expect(await stateOf(session)).toEqual(loggedOut)
    expectProblem(await requestToken(session), 401, 'session.expired')
    expect((await ask('/sessions/terminations', 'unknown')).json()).toEqual({ endSessionUrl: null })
  })

  test('is new at each log-in, and nothing of it stands in the database', async () => {
    const [first, second] = [await openSession(), await openSession()]
    expect(first).not.toBe(second)
    const client = new pg.Client({ connectionString: identity.database.url })
    await client.connect()
    const dump: unknown[] = []
    for (const table of ['session', 'person', 'person_number', 'log_in', 'signing_key']) {
      dump.push((await client.query(`select * from ${table}`)).rows)
    }
    await client.end()
    const text = JSON.stringify(dump, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data as number[]).toString('latin1') : value,
    )
    for (const secret of [first, second, '191212121212', 'T T', 'sid-1', 'person-1', '"d"']) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('a token for a session', () => {
  test('says who, for whom and how strongly, and nothing of the person', async () => {
    const { iat, exp, jti, sub, sid, ...claims } = decodeJwt(
      await tokenFor(await openSession(), audiences.consent),
    )
    expect(exp! - iat!).toBeLessThanOrEqual(300)
    expect([jti, sub, sid]).toEqual(Array(3).fill(expect.stringMatching(/^[\da-f-]{36}$/)))
    expect(claims).toEqual({
      iss: 'https://identity.test',
      aud: 'consent',
      client_id: 'gateway',
      scope: 'patient',
      acr: 'http://id.elegnamnden.se/loa/1.0/loa3',
      auth_time: expect.any(Number) as number,
    })
  })

  test('does not outlive the session', async () => {
    const session = await openSession()
    for (let passed = 0; passed < 476; passed += 28) {
      await tokenFor(session)
      identity.clock.forward(28 * minute)
    }
    const { iat, exp } = decodeJwt(await tokenFor(session))
    expect(exp! - iat!).toBeLessThanOrEqual(4 * 60)
  })

  test('is not given for an unknown audience', async () => {
    expectProblem(await requestToken(await openSession(), 'x'), 400, 'audience.unknown')
  })
})

describe('POST /token-exchanges', () => {
  const exchange = (subjectToken: string, audience: string = audiences.consent) =>
    identity.post('/token-exchanges', { subjectToken, audience }, 'token-exchange', 'dispatch')

  test('gives the same patient and session to another audience, and says who acts', async () => {
    const original = await tokenFor(await openSession(), audiences.dispatch)
    const answer = await exchange(original)
    expect(answer.statusCode).toBe(201)
    const [before, after] = [decodeJwt(original), decodeJwt(answer.json().accessToken)]
    expect(after).toMatchObject({
      sub: before.sub,
      sid: before['sid'],
      acr: before['acr'],
      auth_time: before['auth_time'],
      aud: 'consent',
      scope: 'patient',
      client_id: 'dispatch',
      act: { sub: 'dispatch' },
    })
    expect(after.jti).not.toBe(before.jti)
    const again = await exchange(answer.json().accessToken, audiences.rendering)
    expect(decodeJwt(again.json().accessToken)['act']).toEqual({
      sub: 'dispatch',
      act: { sub: 'dispatch' },
    })
  })

  test('is refused once the session has ended', async () => {
    const session = await openSession()
    const token = await tokenFor(session)
    await ask('/sessions/terminations', session)
    expectProblem(await exchange(token), 401, 'session.expired')
  })

  test('is refused to those without the scope, and for an unknown audience', async () => {
    const token = await tokenFor(await openSession())
    const body = { subjectToken: token, audience: 'consent' }
    expectProblem(
      await identity.post('/token-exchanges', body, 'sessions'),
      403,
      'token.insufficient-scope',
    )
    expectProblem(await exchange(token, 'x'), 400, 'audience.unknown')
  })

  test('is refused for whatever is no living access token of a patient', async () => {
    const token = await tokenFor(await openSession())
    const claims = decodeJwt(token)
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const kid = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid as string
    const forge = (changes: JWTPayload, header: object = {}) =>
      new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
        .sign(privateKey)
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    const bad = [
      await forge({}),
      await forge({}, { jwk: await exportJWK(publicKey) }),
      await forge({}, { jku: 'http://127.0.0.1:1/jwks' }),
      await forge({}, { kid: 'unknown' }),
      `${none}.${token.split('.')[1]!}.`,
      token.slice(0, -4),
      await provider.logOutToken(),
      'nonsense',
    ]
    for (const each of bad) expectProblem(await exchange(each), 400, 'subject-token.invalid')
    identity.clock.forward(6 * minute)
    expectProblem(await exchange(token), 400, 'subject-token.invalid')
  })
})

describe('a download grant', () => {
  const request = async (session: string) => {
    const answer = await identity.post('/download-grants', {
      session,
      resource: '/certificates/1/pdf',
    })
    return answer.statusCode === 201 ? (answer.json().grant as string) : answer
  }
  const redeem = (grant: unknown) =>
    identity.post('/download-grants/redemptions', { grant, audience: audiences.rendering })

  test('opens one resource, once', async () => {
    const grant = await request(await openSession())
    const answers = await Promise.all([redeem(grant), redeem(grant)])
    const [taken] = answers.filter(({ statusCode }) => statusCode === 200)
    const [refused] = answers.filter(({ statusCode }) => statusCode !== 200)
    expect(taken!.json()).toMatchObject({ resource: '/certificates/1/pdf' })
    expect(decodeJwt(taken!.json().accessToken)).toMatchObject({ aud: 'rendering' })
    expectProblem(refused!, 410, 'download-link.expired')
  })

  test('lives 60 seconds, and no longer than the session', async () => {
    const session = await openSession()
    const [late, orphan] = [await request(session), await request(session)]
    identity.clock.forward(minute)
    expectProblem(await redeem(late), 410, 'download-link.expired')
    identity.clock.reset()
    await ask('/sessions/terminations', session)
    expectProblem(await redeem(orphan), 401, 'session.expired')
    expectProblem(await redeem('unknown'), 410, 'download-link.expired')
    const refused = await request(session)
    expect(refused).toMatchObject({ statusCode: 401 })
  })
})

describe('GET /patients/{id}/number', () => {
  const read = async (id: string, scope = 'person-number:read') =>
    identity.forCallers.inject({
      url: `/patients/${id}/number`,
      headers: await identity.tokens.client('identity', scope, 'certificate-store'),
    })

  test('tells certificate-store alone, and leaves a trace without the number', async () => {
    const { sub = '' } = decodeJwt(await tokenFor(await openSession()))
    const answer = await read(sub)
    expect(answer.json()).toEqual({ number: '191212121212', kind: 'personalIdentityNumber' })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(identity.log.lines.join('')).toContain('person-number-read')
    expect(identity.log.lines.join('')).not.toContain('191212121212')
    expectProblem(await read(sub, 'sessions'), 403, 'token.insufficient-scope')
  })

  test('answers 404 for an unknown patient and 400 for what is no id', async () => {
    expectProblem(await read(crypto.randomUUID()), 404, 'patient.not-found')
    expectProblem(await read('191212121212'), 400, 'request.invalid')
  })
})

describe('every closed route', () => {
  const routes = [
    ['POST', '/log-ins', { returnTo: '/' }],
    ['POST', '/log-ins/completions', { logInId: 'x', parameters: 'x' }],
    ['POST', '/session-tokens', { session: 'x', audience: 'identity' }],
    ['POST', '/sessions/introspections', { session: 'x' }],
    ['POST', '/sessions/extensions', { session: 'x' }],
    ['POST', '/sessions/terminations', { session: 'x' }],
    ['POST', '/download-grants', { session: 'x', resource: '/x' }],
    ['POST', '/download-grants/redemptions', { grant: 'x', audience: 'identity' }],
    ['POST', '/token-exchanges', { subjectToken: 'x', audience: 'identity' }],
  ] as const

  test.each(routes)(
    '%s %s refuses callers without a token, and unknown fields',
    async (...route) => {
      const [method, url, payload] = route
      expectProblem(await identity.app.inject({ method, url, payload }), 401, 'token.invalid')
      const patient = await identity.tokens.patient('identity', crypto.randomUUID())
      expectProblem(
        await identity.forCallers.inject({ method, url, payload, headers: patient }),
        403,
        'token.insufficient-scope',
      )
      const scope = url === '/token-exchanges' ? 'token-exchange' : 'sessions'
      const extra = await identity.post(url, { ...payload, extra: 1 }, scope)
      expectProblem(extra, 400, 'request.invalid')
      expectProblem(await identity.post(url, {}, scope), 400, 'request.invalid')
    },
  )

  test('GET /me and /patients refuse callers without a token, and /me a client’s', async () => {
    for (const url of ['/me', `/patients/${crypto.randomUUID()}/number`]) {
      expectProblem(await identity.app.inject({ url }), 401, 'token.invalid')
    }
    const headers = await identity.tokens.client('identity', 'sessions')
    expectProblem(
      await identity.forCallers.inject({ url: '/me', headers }),
      403,
      'token.insufficient-scope',
    )
  })
})

test('the keys that verify are published, and none that signs', async () => {
  for (const url of ['/.well-known/jwks.json', '/.well-known/rp-jwks.json']) {
    const answer = await identity.app.inject({ url })
    const { keys } = answer.json()
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
    expect(keys[0]).not.toHaveProperty('d')
    expect(answer.headers['cache-control']).toBe('public, max-age=60')
  }
})
