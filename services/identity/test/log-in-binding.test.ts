import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { numberClaim, personWith, useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

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

const isLive = async (session: string) => (await sessions.stateOf(session)).authenticated as boolean
const countSessions = async () => (await identity.query('select from session')).length

describe('a log-in', () => {
  test('of which 20 callbacks come at the same time gives one session', async () => {
    const logIn = await sessions.beginLogIn()
    const before = await countSessions()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sessions.completeLogIn(logIn)),
    )
    const [completed, refused] = [201, 400].map((status) =>
      answers.filter(({ statusCode }) => statusCode === status),
    )
    expect([completed!.length, refused!.length]).toEqual([1, 19])
    for (const answer of refused!) expectProblem(answer, 400, 'login.expired')
    expect(await countSessions()).toBe(before + 1)
  })

  test('of 20 people at the same time gives each their own session', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => sessions.logIn()))
    const secrets = answers.map((answer) => answer.json<{ session: string }>().session)
    expect(new Set(secrets).size).toBe(20)
  })

  test('is not completed with the callback of another browser’s, which is spoiled for neither', async () => {
    const [attacker, victim] = [await sessions.beginLogIn(), await sessions.beginLogIn()]
    const injected = { logInId: victim.logInId, parameters: attacker.parameters }
    expectProblem(await sessions.completeLogIn(injected), 400, 'login.failed')
    expectProblem(await sessions.completeLogIn(victim), 400, 'login.expired')
    expect((await sessions.completeLogIn(attacker)).statusCode).toBe(201)
  })
})

describe('a log-in whose provider is slow', () => {
  let hurried: IdentityUnderTest
  beforeAll(async () => {
    hurried = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'), {
      LOG_IN_DEADLINE: 1,
    })
  })
  afterAll(() => hurried.close())

  test('is given up when the answers take too long together, and opens nothing later', async () => {
    const answer = await useSessions(hurried, provider).logIn({ delay: 700 })
    expectProblem(answer, 503, 'login.provider-unavailable')
    expect(answer.headers['retry-after']).toBeDefined()
    expect((await sessions.logIn()).statusCode).toBe(201)
    expect(await hurried.query('select from session')).toHaveLength(0)
  })
})

describe('the session that a browser had', () => {
  test('ends when it logs in anew, also as another person, and the new one is another', async () => {
    const old = await sessions.openSession()
    const other = await sessions.openSession()
    const fresh = await sessions.openSession(personWith({ [numberClaim]: '198503179809' }), old)
    expect(fresh).not.toBe(old)
    expect(await Promise.all([old, other, fresh].map(isLive))).toEqual([false, true, true])
    const ended = await identity.query(
      "select 1 from audit_event where event = 'session-ended' and reason = 'replaced'",
    )
    expect(ended).toHaveLength(1)
  })

  test('goes on when the log-in does not succeed', async () => {
    const old = await sessions.openSession()
    const low = { idToken: (claims: object) => ({ ...claims, acr: 'loa1' }) }
    expectProblem(await sessions.logIn(low, old), 403, 'login.loa-too-low')
    expect(await isLive(old)).toBe(true)
  })

  test('is never taken on from outside: a secret that was planted does not become a session', async () => {
    const planted = 'A'.repeat(43)
    const session = await sessions.openSession({}, planted)
    expect(session).not.toBe(planted)
    expect(await isLive(planted)).toBe(false)
  })
})
