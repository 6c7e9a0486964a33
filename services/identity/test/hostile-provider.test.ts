import type { JWK, JWTPayload } from 'jose'
import { expectProblem } from '@minaintyg/testing'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider, Misbehaviour } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'

let provider: HostileProvider
let identity: IdentityUnderTest
let strangersKey: JWK

beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  strangersKey = await createPrivateJwk('op-1')
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

const now = () => Math.floor(Date.now() / 1000)
const week = 7 * 24 * 3600
const with_ = (changes: JWTPayload) => (claims: JWTPayload) => ({ ...claims, ...changes })
const without = (name: string) => (claims: JWTPayload) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
const number = 'https://id.oidc.se/claim/personalIdentityNumber'
const coordination = 'https://id.oidc.se/claim/coordinationNumber'
const withHeader = (header: object) => (token: string) => {
  const [, payload = '', signature = ''] = token.split('.')
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.')
}

test('the provider of these tests can also behave', async () => {
  expect((await logIn()).statusCode).toBe(201)
})

describe('an ID token does not log anyone in', () => {
  const cases: [string, Misbehaviour][] = [
    ['whose signature is forged', { encodedIdToken: (token) => `${token.slice(0, -8)}AAAAAAAA` }],
    [
      'signed with a key of the same name',
      {
        get idTokenKey() {
          return strangersKey
        },
      },
    ],
    ['signed with a key nobody published', { idTokenHeader: { kid: 'unknown' } }],
    [
      'that is not signed',
      { encodedIdToken: (t) => withHeader({ alg: 'none' })(t).replace(/[^.]*$/, '') },
    ],
    ['with HS256 in its header', { encodedIdToken: withHeader({ alg: 'HS256', kid: 'op-1' }) }],
    ['of another issuer', { idToken: with_({ iss: 'https://evil.test' }) }],
    ['for another relying party', { idToken: with_({ aud: 'someone-else' }) }],
    ['for several, without azp', { idToken: with_({ aud: ['mina-intyg', 'x'] }) }],
    ['whose azp is another', { idToken: with_({ aud: ['mina-intyg', 'x'], azp: 'x' }) }],
    ['with another nonce', { idToken: with_({ nonce: 'another' }) }],
    ['without a nonce', { idToken: without('nonce') }],
    ['that has expired', { idToken: with_({ iat: now() - 400, exp: now() - 100 }) }],
    ['that lives 2 hours', { idToken: with_({ exp: now() + 7200 }) }],
    [
      'that was issued minutes ago',
      { idToken: (claims) => ({ ...claims, iat: now() - 200, exp: now() + 60 }) },
    ],
    ['that is a week old', { idToken: with_({ iat: now() - week }) }],
    ['from the future', { idToken: with_({ iat: now() + 3600, exp: now() + 3700 }) }],
    ['without auth_time', { idToken: without('auth_time') }],
    ['for a log-in of an hour ago', { idToken: with_({ auth_time: now() - 3600 }) }],
    ['for a log-in before this one began', { idToken: with_({ auth_time: now() - 120 }) }],
    ['without a subject', { idToken: without('sub') }],
    ['without iat', { idToken: without('iat') }],
  ]
  test.each(cases)('%s', async (_what, misbehaviour) => {
    expectProblem(await logIn(misbehaviour), 400, 'login.failed')
  })

  test.each([
    'http://id.elegnamnden.se/loa/1.0/loa2',
    'http://id.swedenconnect.se/loa/1.0/uncertified-loa3',
    'http://id.swedenconnect.se/loa/1.0/loa3-nonresident',
    'http://id.elegnamnden.se/loa/1.0/loa3 ',
    'http://id.elegnamnden.se/loa/1.0/loa3,http://id.elegnamnden.se/loa/1.0/loa2',
    undefined,
    ['http://id.elegnamnden.se/loa/1.0/loa3'],
  ])('of the level %j', async (acr) => {
    expectProblem(await logIn({ idToken: with_({ acr }) }), 403, 'login.loa-too-low')
  })
})

describe('userinfo does not log anyone in', () => {
  const cases: [string, Misbehaviour][] = [
    ['of another subject', { userinfo: with_({ sub: 'person-2' }) }],
    [
      'signed with another key',
      {
        get userinfoKey() {
          return strangersKey
        },
      },
    ],
    ['that is not signed', { userinfoAsJson: true }],
    ['of another issuer', { userinfo: with_({ iss: 'https://evil.test' }) }],
    ['without a number', { userinfo: without(number) }],
    ['with both numbers', { userinfo: with_({ [coordination]: '198809759874' }) }],
    ['with a number of ten digits', { userinfo: with_({ [number]: '1212121212' }) }],
    ['with a number whose check digit is wrong', { userinfo: with_({ [number]: '191212121213' }) }],
    [
      'with a coordination number as personal number',
      { userinfo: with_({ [number]: '198809759874' }) },
    ],
    ['with a number that is no text', { userinfo: with_({ [number]: 191212121212 }) }],
    ['with another number than the ID token', { idToken: with_({ [number]: '198503179809' }) }],
  ]
  test.each(cases)('%s', async (_what, misbehaviour) => {
    expectProblem(await logIn(misbehaviour), 400, 'login.failed')
  })
})

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

describe('POST /backchannel-logout', () => {
  const logOut = (token: string) =>
    identity.app.inject({
      method: 'POST',
      url: '/backchannel-logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ logout_token: token }).toString(),
    })
  const logInAs = async (sub: string, sid: string) => {
    const answer = await logIn({ idToken: with_({ sub, sid }), userinfo: with_({ sub }) })
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
    const { session } = (await logIn()).json()
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
    const { session } = (await logIn({ idToken: with_({ [number]: '191212121212' }) })).json()
    const answer = await identity.post('/sessions/terminations', { session })
    expect(answer.json().endSessionUrl).not.toContain('id_token_hint')
  })
})
