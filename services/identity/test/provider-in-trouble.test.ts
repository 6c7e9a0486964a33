import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider, Misbehaviour } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'

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

async function logIn(misbehaviour: Misbehaviour = {}, iss?: string) {
  const begun = await identity.post('/log-ins', { returnTo: '/' })
  const { logInId, authorizationUrl } = begun.json()
  const parameters = provider.callbackFor(authorizationUrl, misbehaviour, iss)
  return identity.post('/log-ins/completions', { logInId, parameters })
}

describe('a provider in trouble', () => {
  test('that answers in the name of another is refused', async () => {
    expectProblem(await logIn({}, 'https://evil.test'), 400, 'login.failed')
  })

  test('whose metadata name another issuer is not asked', async () => {
    const elsewhere = provider.issuer.replace('127.0.0.1', 'localhost')
    const misled = await createIdentityUnderTest(elsewhere, await createPrivateJwk('rp-1'))
    const answer = await misled.post('/log-ins', { returnTo: '/' })
    expectProblem(answer, 503, 'login.provider-unavailable')
    await misled.close()
  })

  test('that is slow or broken is unavailable, and says when to come back', async () => {
    const slow = await logIn({ silent: true })
    expectProblem(slow, 503, 'login.provider-unavailable')
    expect(slow.headers['retry-after']).toBeDefined()
    expectProblem(await logIn({ tokenStatus: 502 }), 503, 'login.provider-unavailable')
    expectProblem(await logIn({ tokenStatus: 400 }), 400, 'login.failed')
  })

  test('that is down is unavailable, and is found again when it is back', async () => {
    const key = await createPrivateJwk('rp-1')
    const beginner = await createIdentityUnderTest(provider.issuer, key)
    const nowhere = await createIdentityUnderTest('http://127.0.0.1:1', key)
    const begin = ({ post }: IdentityUnderTest) => post('/log-ins', { returnTo: '/' })
    try {
      provider.setDown(true)
      expectProblem(await begin(beginner), 503, 'login.provider-unavailable')
      expectProblem(await begin(nowhere), 503, 'login.provider-unavailable')
      provider.setDown(false)
      expect((await begin(beginner)).statusCode).toBe(201)
    } finally {
      provider.setDown(false)
      await beginner.close()
      await nowhere.close()
    }
  })

  test('does not stand in the way of logging out', async () => {
    const { session } = (await logIn()).json()
    provider.setDown(true)
    const answer = await identity.post('/sessions/terminations', { session })
    provider.setDown(false)
    expect(answer.statusCode).toBe(200)
    expect((await identity.post('/sessions/introspections', { session })).json()).toMatchObject({
      authenticated: false,
    })
  })
})
