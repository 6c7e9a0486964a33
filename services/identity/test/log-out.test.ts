import type { JWK, JWTPayload } from 'jose'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { numberClaim, useSessions } from './sessions-under-test.ts'
import type { SessionsUnderTest } from './sessions-under-test.ts'

let provider: HostileProvider
let identity: IdentityUnderTest
let sessions: SessionsUnderTest
let strangersKey: JWK

beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  sessions = useSessions(identity, provider)
  strangersKey = await createPrivateJwk('op-1')
})
afterAll(async () => {
  await identity.close()
  await provider.stop()
})

const now = () => Math.floor(Date.now() / 1000)
const with_ = (changes: JWTPayload) => (claims: JWTPayload) => ({ ...claims, ...changes })

describe('POST /backchannel-logout', () => {
  const logOut = (token: string) =>
    identity.app.inject({
      method: 'POST',
      url: '/backchannel-logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ logout_token: token }).toString(),
    })
  const logInAs = async (sub: string, sid: string) => {
    const answer = await sessions.logIn({ idToken: with_({ sub, sid }), userinfo: with_({ sub }) })
    return answer.json().session as string
  }
  const isLive = async (session: string) =>
    (await identity.post('/sessions/introspections', { session })).json().authenticated as boolean

  test('ends the session that is named, and no other of the same person', async () => {
    const [ended, other] = [await logInAs('a', 'a-1'), await logInAs('a', 'a-2')]
    const answer = await logOut(await provider.logOutToken({ sub: 'a', sid: 'a-1' }))
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
    expect([await isLive(ended), await isLive(other)]).toEqual([false, true])
  })

  test('without a session ends all of the person, and nobody else’s', async () => {
    const sessions = [
      await logInAs('b', 'b-1'),
      await logInAs('b', 'b-2'),
      await logInAs('c', 'c-1'),
    ]
    await logOut(await provider.logOutToken({ sub: 'b', sid: undefined }))
    expect(await Promise.all(sessions.map(isLive))).toEqual([false, false, true])
  })

  test('takes a token once', async () => {
    const token = await provider.logOutToken({ sub: 'nobody' })
    expect((await logOut(token)).statusCode).toBe(200)
    expectProblem(await logOut(token), 400, 'logout-token.invalid')
  })

  const event = 'http://schemas.openid.net/event/backchannel-logout'
  test.each<[string, () => Promise<string>]>([
    ['is an ID token', () => provider.logOutToken({}, { typ: 'JWT' })],
    ['has no type', () => provider.logOutToken({}, { typ: undefined })],
    ['has a nonce', () => provider.logOutToken({ nonce: 'n' })],
    ['has no event', () => provider.logOutToken({ events: undefined })],
    ['has another event', () => provider.logOutToken({ events: { other: {} } })],
    ['has an event that is no object', () => provider.logOutToken({ events: { [event]: 1 } })],
    ['has events that are null', () => provider.logOutToken({ events: null })],
    ['has no jti', () => provider.logOutToken({ jti: undefined })],
    ['is for someone else', () => provider.logOutToken({ aud: 'x' })],
    ['is of another issuer', () => provider.logOutToken({ iss: 'https://evil.test' })],
    ['is old', () => provider.logOutToken({ iat: now() - 3600 })],
    ['has expired', () => provider.logOutToken({ exp: now() - 60 })],
    ['names nobody', () => provider.logOutToken({ sub: undefined, sid: undefined })],
    ['is signed by another', () => provider.logOutToken({}, {}, strangersKey)],
    ['is nothing of the kind', async () => 'nonsense'],
  ])('refuses a token that %s', async (_what, make) => {
    const session = await logInAs('person-1', 'sid-1')
    expectProblem(await logOut(await make()), 400, 'logout-token.invalid')
    expect(await isLive(session)).toBe(true)
  })

  test('answers 400 to a body without a token, and 415 to JSON', async () => {
    const post = (payload: string, type: string) =>
      identity.app.inject({
        method: 'POST',
        url: '/backchannel-logout',
        headers: { 'content-type': type },
        payload,
      })
    const form = 'application/x-www-form-urlencoded'
    expectProblem(await post('', form), 400, 'request.invalid')
    expectProblem(await post('logout_token=a&logout_token=b', form), 400, 'request.invalid')
    expectProblem(await post('{}', 'text/plain'), 415, 'request.unsupported-media-type')
  })
})

describe('RP-initiated log-out', () => {
  test('ends the session at once and hands over an address without any personal data', async () => {
    const { session } = (await sessions.logIn()).json()
    const answer = await identity.post('/sessions/terminations', { session })
    const url = new URL(answer.json().endSessionUrl)
    expect(url.href).toContain(`${provider.issuer}/end`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'mina-intyg',
      post_logout_redirect_uri: 'http://localhost:1/',
      logout_hint: 'sid-1',
      id_token_hint: expect.any(String) as string,
    })
  })

  test('sends no ID token along that tells who someone is', async () => {
    const { session } = (
      await sessions.logIn({ idToken: with_({ [numberClaim]: '191212121212' }) })
    ).json()
    const answer = await identity.post('/sessions/terminations', { session })
    expect(answer.json().endSessionUrl).not.toContain('id_token_hint')
  })
})
