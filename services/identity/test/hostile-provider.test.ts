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
