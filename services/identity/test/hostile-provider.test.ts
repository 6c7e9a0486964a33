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

async function logIn(misbehaviour: Misbehaviour = {}) {
  const begun = await identity.post('/log-ins', { returnTo: '/' })
  const { logInId, authorizationUrl } = begun.json()
  const parameters = provider.callbackFor(authorizationUrl, misbehaviour)
  return identity.post('/log-ins/completions', { logInId, parameters })
}

/** The newest failure: as it was answered, and what lay behind it. */
async function expectOnRecord(reason: string, detail: string | null): Promise<void> {
  const [row] = await identity.query(
    "select reason, detail, patient_id from audit_event where event = 'log-in-failed' order by id desc limit 1",
  )
  expect(row).toEqual({ reason, detail, patient_id: null })
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
  const cases: [string, string, Misbehaviour][] = [
    [
      'whose signature is forged',
      'OAUTH_INVALID_RESPONSE',
      { encodedIdToken: (token) => `${token.slice(0, -8)}AAAAAAAA` },
    ],
    [
      'signed with a key of the same name',
      'OAUTH_INVALID_RESPONSE',
      {
        get idTokenKey() {
          return strangersKey
        },
      },
    ],
    [
      'signed with a key nobody published',
      'OAUTH_KEY_SELECTION_FAILED',
      { idTokenHeader: { kid: 'unknown' } },
    ],
    [
      'that is not signed',
      'OAUTH_INVALID_RESPONSE',
      { encodedIdToken: (t) => withHeader({ alg: 'none' })(t).replace(/[^.]*$/, '') },
    ],
    [
      'with HS256 in its header',
      'OAUTH_INVALID_RESPONSE',
      { encodedIdToken: withHeader({ alg: 'HS256', kid: 'op-1' }) },
    ],
    [
      'of another issuer',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      { idToken: with_({ iss: 'https://evil.test' }) },
    ],
    [
      'for another relying party',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      { idToken: with_({ aud: 'someone-else' }) },
    ],
    [
      'for several, without azp',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      { idToken: with_({ aud: ['mina-intyg', 'x'] }) },
    ],
    [
      'whose azp is another',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      { idToken: with_({ aud: ['mina-intyg', 'x'], azp: 'x' }) },
    ],
    [
      'with another nonce',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      { idToken: with_({ nonce: 'another' }) },
    ],
    ['without a nonce', 'OAUTH_INVALID_RESPONSE', { idToken: without('nonce') }],
    [
      'that has expired',
      'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      { idToken: with_({ iat: now() - 400, exp: now() - 100 }) },
    ],
    ['that lives 2 hours', 'id-token.lifetime', { idToken: with_({ exp: now() + 7200 }) }],
    [
      'that was issued minutes ago',
      'id-token.iat',
      { idToken: (claims) => ({ ...claims, iat: now() - 200, exp: now() + 60 }) },
    ],
    ['that is a week old', 'id-token.lifetime', { idToken: with_({ iat: now() - week }) }],
    [
      'from the future',
      'id-token.iat',
      { idToken: with_({ iat: now() + 3600, exp: now() + 3700 }) },
    ],
    ['without auth_time', 'OAUTH_INVALID_RESPONSE', { idToken: without('auth_time') }],
    [
      'for a log-in of an hour ago',
      'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      { idToken: with_({ auth_time: now() - 3600 }) },
    ],
    [
      'for a log-in before this one began',
      'id-token.auth_time',
      { idToken: with_({ auth_time: now() - 120 }) },
    ],
    ['without a subject', 'OAUTH_INVALID_RESPONSE', { idToken: without('sub') }],
    ['without iat', 'OAUTH_INVALID_RESPONSE', { idToken: without('iat') }],
  ]
  test.each(cases)('%s (%s)', async (_what, reason, misbehaviour) => {
    expectProblem(await logIn(misbehaviour), 400, 'login.failed')
    await expectOnRecord('login.failed', reason)
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
    await expectOnRecord('login.loa-too-low', null)
  })
})

describe('userinfo does not log anyone in', () => {
  const cases: [string, string, Misbehaviour][] = [
    [
      'of another subject',
      'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
      { userinfo: with_({ sub: 'person-2' }) },
    ],
    [
      'signed with another key',
      'OAUTH_INVALID_RESPONSE',
      {
        get userinfoKey() {
          return strangersKey
        },
      },
    ],
    ['that is not signed', 'OAUTH_JWT_USERINFO_EXPECTED', { userinfoAsJson: true }],
    [
      'of another issuer',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      { userinfo: with_({ iss: 'https://evil.test' }) },
    ],
    ['without a number', 'number.missing', { userinfo: without(number) }],
    [
      'with both numbers',
      'number.ambiguous',
      { userinfo: with_({ [coordination]: '198809759874' }) },
    ],
    [
      'with a number of ten digits',
      'number.invalid',
      { userinfo: with_({ [number]: '1212121212' }) },
    ],
    [
      'with a number whose check digit is wrong',
      'number.invalid',
      { userinfo: with_({ [number]: '191212121213' }) },
    ],
    [
      'with a coordination number as personal number',
      'number.invalid',
      { userinfo: with_({ [number]: '198809759874' }) },
    ],
    [
      'with a number that is no text',
      'number.invalid',
      { userinfo: with_({ [number]: 191212121212 }) },
    ],
    [
      'with another number than the ID token',
      'claims.contradict',
      { idToken: with_({ [number]: '198503179809' }) },
    ],
  ]
  test.each(cases)('%s (%s)', async (_what, reason, misbehaviour) => {
    expectProblem(await logIn(misbehaviour), 400, 'login.failed')
    await expectOnRecord('login.failed', reason)
  })
})
