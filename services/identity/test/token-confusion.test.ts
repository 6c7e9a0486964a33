import { createHmac } from 'node:crypto'
import { SignJWT, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import { createKeyring } from '@minaintyg/crypto'
import { expectProblem } from '@minaintyg/testing'
import { signingKeyContext } from '../src/tokens/signing-key-repository.ts'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk, toPublicJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import { useSessions } from './sessions-under-test.ts'

let provider: HostileProvider
let identity: IdentityUnderTest
/** A token that holds, and the key that it was signed with: each case differs in one thing alone. */
let good: string
let signingKey: CryptoKey
let publicJwk: JWK
let strangersJwk: JWK

beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  const sessions = useSessions(identity, provider)
  good = await sessions.tokenFor(await sessions.openSession())
  const [row] = await identity.query<{ kid: string; public_jwk: JWK; private_jwk: Buffer }>(
    'select * from signing_key',
  )
  const { kid, public_jwk, private_jwk } = row!
  const opened = createKeyring(identity.config.SECRET_KEYS).open(
    private_jwk,
    signingKeyContext(kid),
  )
  signingKey = (await importJWK(JSON.parse(opened.toString()) as JWK, 'ES256')) as CryptoKey
  publicJwk = public_jwk
  strangersJwk = await createPrivateJwk('stranger')
})
afterAll(async () => {
  await identity.close()
  await provider.stop()
})

type Loose = Record<string, unknown>
const defined = (object: Loose) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

/** Signed with the key that identity itself signs with; undefined takes a claim or a header away. */
const signed = (claims: Loose = {}, header: Loose = {}, key = signingKey) =>
  new SignJWT(defined({ ...decodeJwt(good), ...claims }))
    .setProtectedHeader({ ...defined({ ...decodeProtectedHeader(good), ...header }), alg: 'ES256' })
    .sign(key)
const strangersKey = async () => (await importJWK(strangersJwk, 'ES256')) as CryptoKey
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const bySecret = (secret: string | Buffer) => {
  const { kid } = publicJwk
  const content = `${encoded({ alg: 'HS256', typ: 'at+jwt', kid })}.${good.split('.')[1]!}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}
const pem = async () => {
  const key = (await importJWK(publicJwk, 'ES256', { extractable: true })) as CryptoKey
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', key)).toString('base64')
  return `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`
}
const withHeader = (header: object, signature = good.split('.')[2]!) =>
  `${encoded(header)}.${good.split('.')[1]!}.${signature}`
const now = () => Math.floor(Date.now() / 1000)
const idToken = (header: Loose = {}) =>
  provider.logOutToken({ nonce: 'n', acr: 'loa3', events: undefined }, { typ: 'JWT', ...header })

const cases: [string, () => string | Promise<string>][] = [
  ['an ID token of the provider', () => idToken()],
  ['an ID token of the provider that says it is at+jwt', () => idToken({ typ: 'at+jwt' })],
  ['an ID token in form, of our own signature', () => signed({ nonce: 'n' }, { typ: 'JWT' })],
  ['a log-out token of the provider', () => provider.logOutToken()],
  ['a log-out token in form, of our own signature', () => signed({}, { typ: 'logout+jwt' })],
  ['for another audience', () => signed({ aud: 'consent' })],
  ['for several others', () => signed({ aud: ['consent', 'rendering'] })],
  ['for an audience that only begins alike', () => signed({ aud: 'identity-2' })],
  ['without an audience', () => signed({ aud: undefined })],
  ['of another issuer', () => signed({ iss: 'https://evil.test' })],
  ['of the issuer with a slash', () => signed({ iss: `${identity.config.ISSUER_URL}/` })],
  ['without an issuer', () => signed({ iss: undefined })],
  ['that has expired', () => signed({ exp: now() - 60 })],
  ['that never expires', () => signed({ exp: undefined })],
  ['whose expiry is text', () => signed({ exp: 'never' })],
  ['that is not valid yet', () => signed({ nbf: now() + 3600 })],
  ['without iat', () => signed({ iat: undefined })],
  ['without sub', () => signed({ sub: undefined })],
  ['without jti', () => signed({ jti: undefined })],
  ['without client_id', () => signed({ client_id: undefined })],
  ['without typ', () => signed({}, { typ: undefined })],
  ['of typ JWT', () => signed({}, { typ: 'JWT' })],
  ['of typ dpop+jwt', () => signed({}, { typ: 'dpop+jwt' })],
  ['without kid', () => signed({}, { kid: undefined })],
  ['with a kid of nobody', () => signed({}, { kid: 'nobody' })],
  ['with a kid that is a path', () => signed({}, { kid: '../../dev/null' })],
  ['with a kid that is SQL', () => signed({}, { kid: "x' or '1'='1" })],
  ['of a stranger under our kid', async () => signed({}, {}, await strangersKey())],
  [
    'of a stranger whose key it brings along in jwk',
    async () => signed({}, { jwk: toPublicJwk(strangersJwk) }, await strangersKey()),
  ],
  [
    'of a stranger whose key it points at in jku',
    async () => signed({}, { jku: `${provider.issuer}/jwks` }, await strangersKey()),
  ],
  [
    'of a stranger with kid and jku of the provider',
    async () =>
      signed(
        {},
        { jku: `${provider.issuer}/jwks`, kid: 'op-1' },
        (await importJWK(provider.key, 'ES256')) as CryptoKey,
      ),
  ],
  [
    'of a stranger with x5u',
    async () => signed({}, { x5u: `${provider.issuer}/cert` }, await strangersKey()),
  ],
  ['with HS256 and the public key as PEM', async () => bySecret(await pem())],
  ['with HS256 and the public JWK', () => bySecret(JSON.stringify(publicJwk))],
  ['with HS256 and an empty secret', () => bySecret(Buffer.alloc(1))],
  ['that is not signed', () => withHeader({ alg: 'none', typ: 'at+jwt' }, '')],
  ['with none in capitals', () => withHeader({ alg: 'NONE', typ: 'at+jwt' }, '')],
  ['with none and a kid', () => withHeader({ alg: 'none', typ: 'at+jwt', kid: publicJwk.kid })],
  ['without alg', () => withHeader({ typ: 'at+jwt', kid: publicJwk.kid })],
  ['with an unknown alg', () => withHeader({ alg: 'ES512', typ: 'at+jwt', kid: publicJwk.kid })],
  [
    'with a changed payload',
    () => {
      const [header, , signature] = good.split('.')
      return `${header!}.${encoded({ ...decodeJwt(good), sub: crypto.randomUUID() })}.${signature!}`
    },
  ],
  ['without its signature', () => good.split('.').slice(0, 2).join('.')],
  ['with an empty signature', () => good.replace(/[^.]*$/, '')],
  ['with a signature of zeros', () => good.replace(/[^.]*$/, 'A'.repeat(86))],
  ['of four parts', () => `${good}.x`],
  ['of five parts, encrypted in form', () => `${good}.x.y`],
  ['whose header is no JSON', () => `x.${good.split('.').slice(1).join('.')}`],
  ['whose header is null', () => `${Buffer.from('null').toString('base64url')}.e30.x`],
  ['whose payload is an array', () => `${good.split('.')[0]!}.W10.${good.split('.')[2]!}`],
  ['of three dots', () => '...'],
  ['of 8 kB', () => 'a.'.repeat(4000)],
]

const routes = [
  ['GET', '/me'],
  ['GET', '/sessions'],
  ['DELETE', '/sessions'],
  ['DELETE', `/sessions/${crypto.randomUUID()}`],
  ['GET', `/patients/${crypto.randomUUID()}/number`],
  ['POST', '/log-ins', { returnTo: '/' }],
  ['POST', '/log-ins/completions', { logInId: 'x', parameters: 'x' }],
  ['POST', '/session-tokens', { session: 'x', audience: 'identity' }],
  ['POST', '/sessions/introspections', { session: 'x' }],
  ['POST', '/sessions/extensions', { session: 'x' }],
  ['POST', '/sessions/terminations', { session: 'x' }],
  ['POST', '/download-grants', { session: 'x', resource: '/x' }],
  ['POST', '/download-grants/redemptions', { grant: 'x', audience: 'identity' }],
  ['POST', '/token-exchanges', { subjectToken: 'x', audience: 'identity' }],
  ['POST', '/patient-searches', { number: '191212121212' }],
] as const

const call = (authorization: string, [method, url, payload]: (typeof routes)[number]) =>
  identity.app.inject({
    method,
    url,
    headers: { authorization },
    ...(payload === undefined ? {} : { payload }),
  })

test('the token that all of these are made of holds, and so does one that was signed here', async () => {
  for (const token of [good, await signed()]) {
    expect((await call(`Bearer ${token}`, ['GET', '/me'])).statusCode).toBe(200)
  }
})

test.each(cases)('a token %s is 401 on every route', async (_what, make) => {
  const token = await make()
  for (const route of routes) {
    const answer = await call(`Bearer ${token}`, route)
    expectProblem(answer, 401, 'token.invalid')
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  }
})

test.each([
  ['another scheme', (token: string) => `Basic ${token}`],
  ['DPoP', (token: string) => `DPoP ${token}`],
  ['no scheme', (token: string) => token],
  ['nothing after the scheme', () => 'Bearer '],
  ['two tokens', (token: string) => `Bearer ${token} ${token}`],
])('a good token with %s is 401', async (_what, write) => {
  for (const route of routes) expectProblem(await call(write(good), route), 401, 'token.invalid')
})

test('a token in the address, a cookie or the body is no token', async () => {
  for (const request of [
    { url: `/me?access_token=${good}` },
    { url: '/me', cookies: { token: good } },
    { url: '/me', headers: { 'x-authorization': `Bearer ${good}` } },
  ]) {
    expectProblem(await identity.app.inject(request), 401, 'token.invalid')
  }
})

/** As Fastify prints them: a tree, in which each path goes on from the one that it hangs under. */
function declaredRoutes(): string[] {
  const above: string[] = []
  const lines = identity.app.printRoutes({ commonPrefix: false }).trim().split('\n')
  return lines.flatMap((line) => {
    const [, indent = '', path = '', methods = ''] = /^(.*)[├└]── (\S+) \((.+)\)/.exec(line) ?? []
    const depth = indent.length / 4
    above[depth] = `${above[depth - 1] ?? ''}${path}`
    const known = methods.split(', ').filter((method) => method !== 'HEAD')
    return known.map((method) => `${method} ${above[depth]!}`)
  })
}

test('every route is in the table, or open on purpose', () => {
  const open = /^\S+ \/(livez|readyz|\.well-known\/[\w-]+\.json|backchannel-logout|oauth\/token)$/
  const closed = declaredRoutes().filter((route) => !open.test(route))
  const listed = routes.map(([method, url]) => `${method} ${url.replace(/[\da-f-]{36}/, ':id')}`)
  expect(closed.map((route) => route.replace(/:\w+/, ':id')).sort()).toEqual(listed.sort())
})
