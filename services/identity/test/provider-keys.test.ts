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

beforeEach(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  provider.follow(identity.clock.now)
  sessions = useSessions(identity, provider)
})
afterEach(async () => {
  await identity.close()
  await provider.stop()
})

const logOut = (token: string) =>
  identity.app.inject({
    method: 'POST',
    url: '/backchannel-logout',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ logout_token: token }).toString(),
  })
const isLive = async (session: string) => (await sessions.stateOf(session)).authenticated as boolean
const reasons = async () =>
  (
    await identity.query<{ detail: string }>(
      "select detail from audit_event where event = 'log-in-failed' order by id",
    )
  ).map(({ detail }) => detail)

describe('a key that the provider changes without notice', () => {
  test('fails no log-in, however soon after the last one it comes', async () => {
    for (const kid of ['op-2', 'op-3']) {
      await sessions.openSession()
      await provider.changeKey(kid)
    }
    const answers = await Promise.all(Array.from({ length: 10 }, () => sessions.logIn()))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(201))
    expect(await reasons()).toEqual([])
  })

  test('is fetched once, and not again for log-ins that it signs', async () => {
    await sessions.openSession()
    await provider.changeKey('op-2')
    const before = provider.keyRequests()
    await sessions.openSession()
    await sessions.openSession()
    expect(provider.keyRequests()).toBe(before + 1)
  })

  test('signs log-out tokens too', async () => {
    await sessions.openSession()
    await provider.changeKey('op-2')
    const session = await sessions.openSession()
    expect((await logOut(await provider.logOutToken())).statusCode).toBe(200)
    expect(await isLive(session)).toBe(false)
  })
})

describe('a key that the provider has withdrawn', () => {
  test('signs no log-in any more once the new one is known', async () => {
    const former = await provider.changeKey('op-2')
    await sessions.openSession()
    expectProblem(await sessions.logIn({ idTokenKey: former }), 400, 'login.failed')
    expectProblem(await sessions.logIn({ userinfoKey: former }), 400, 'login.failed')
    expect(await reasons()).toEqual(Array(2).fill('OAUTH_KEY_SELECTION_FAILED'))
  })

  test('signs neither log-ins nor log-outs after 5 minutes, also if nobody has logged in', async () => {
    const session = await sessions.openSession()
    const former = await provider.changeKey('op-2')
    const byFormer = { idTokenKey: former, userinfoKey: former }
    expect((await sessions.logIn(byFormer)).statusCode).toBe(201)
    identity.clock.forward(5 * minute)
    expectProblem(await sessions.logIn(byFormer), 400, 'login.failed')
    expect(await reasons()).toEqual(['OAUTH_KEY_SELECTION_FAILED'])
    const token = await provider.logOutToken({}, {}, former)
    expectProblem(await logOut(token), 400, 'logout-token.invalid')
    expect(await isLive(session)).toBe(true)
    expect((await sessions.logIn()).statusCode).toBe(201)
  })
})

test('strangers’ log-out tokens do not make this service hammer the provider for keys', async () => {
  await sessions.openSession()
  const before = provider.keyRequests()
  const stranger = await createPrivateJwk('stranger')
  for (let count = 0; count < 20; count += 1) {
    const token = await provider.logOutToken({}, {}, { ...stranger, kid: `stranger-${count}` })
    expectProblem(await logOut(token), 400, 'logout-token.invalid')
  }
  expect(provider.keyRequests() - before).toBeLessThanOrEqual(1)
})

test('keys that cannot be had are the provider’s trouble, not a token’s that does not hold', async () => {
  const token = await provider.logOutToken()
  await identity.post('/log-ins', { returnTo: '/' })
  provider.setDown(true)
  expectProblem(await logOut(token), 503, 'login.provider-unavailable')
  provider.setDown(false)
  expect((await logOut(token)).statusCode).toBe(200)
})
