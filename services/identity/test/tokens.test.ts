import { SignJWT, decodeJwt, exportJWK, generateKeyPair } from 'jose'
import type { JWTPayload } from 'jose'
import { audiences } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

const minute = 60_000
let provider: HostileProvider
let identity: IdentityUnderTest
let sessions: SessionsUnderTest

beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  sessions = useSessions(identity, provider)
})
afterAll(async () => {
  await identity.close()
  await provider.stop()
})
afterEach(() => {
  identity.clock.reset()
})

describe('a token for a session', () => {
  test('says who, for whom and how strongly, and nothing of the person', async () => {
    const { iat, exp, jti, sub, sid, ...claims } = decodeJwt(
      await sessions.tokenFor(await sessions.openSession(), audiences.consent),
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
    const session = await sessions.openSession()
    for (let passed = 0; passed < 476; passed += 28) {
      await sessions.tokenFor(session)
      identity.clock.forward(28 * minute)
    }
    const { iat, exp } = decodeJwt(await sessions.tokenFor(session))
    expect(exp! - iat!).toBeLessThanOrEqual(4 * 60)
  })

  test('is not given for an unknown audience', async () => {
    expectProblem(
      await sessions.requestToken(await sessions.openSession(), 'x'),
      400,
      'audience.unknown',
    )
  })
})

describe('POST /token-exchanges', () => {
  const exchange = (subjectToken: string, audience: string = audiences.consent) =>
    identity.post('/token-exchanges', { subjectToken, audience }, 'token-exchange', 'dispatch')

  test('gives the same patient and session to another audience, and says who acts', async () => {
    const original = await sessions.tokenFor(await sessions.openSession(), audiences.dispatch)
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
    const session = await sessions.openSession()
    const token = await sessions.tokenFor(session)
    await sessions.ask('/sessions/terminations', session)
    expectProblem(await exchange(token), 401, 'session.expired')
  })

  test('is refused to those without the scope, and for an unknown audience', async () => {
    const token = await sessions.tokenFor(await sessions.openSession())
    const body = { subjectToken: token, audience: 'consent' }
    expectProblem(
      await identity.post('/token-exchanges', body, 'sessions'),
      403,
      'token.insufficient-scope',
    )
    expectProblem(await exchange(token, 'x'), 400, 'audience.unknown')
  })

  test('is refused for whatever is no living access token of a patient', async () => {
    const token = await sessions.tokenFor(await sessions.openSession())
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
    const grant = await request(await sessions.openSession())
    const answers = await Promise.all([redeem(grant), redeem(grant)])
    const [taken] = answers.filter(({ statusCode }) => statusCode === 200)
    const [refused] = answers.filter(({ statusCode }) => statusCode !== 200)
    expect(taken!.json()).toMatchObject({ resource: '/certificates/1/pdf' })
    expect(decodeJwt(taken!.json().accessToken)).toMatchObject({ aud: 'rendering' })
    expectProblem(refused!, 410, 'download-link.expired')
  })

  test('lives 60 seconds, and no longer than the session', async () => {
    const session = await sessions.openSession()
    const [late, orphan] = [await request(session), await request(session)]
    identity.clock.forward(minute)
    expectProblem(await redeem(late), 410, 'download-link.expired')
    identity.clock.reset()
    await sessions.ask('/sessions/terminations', session)
    expectProblem(await redeem(orphan), 401, 'session.expired')
    expectProblem(await redeem('unknown'), 410, 'download-link.expired')
    const refused = await request(session)
    expect(refused).toMatchObject({ statusCode: 401 })
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

test('replicas that start at once agree on one signing key', async () => {
  const key = await createPrivateJwk('rp-1')
  const fresh = await createIdentityUnderTest(provider.issuer, key)
  const answers = await Promise.all(
    [fresh.app, fresh.forCallers, fresh.app].map((app) => app.inject('/.well-known/jwks.json')),
  )
  await fresh.close()
  const [first, ...others] = answers.map((answer) => answer.body)
  expect(answers[0]!.json().keys).toHaveLength(1)
  expect(others).toEqual([first, first])
})
