import { exportJWK, generateKeyPair } from 'jose'
import * as oidc from 'openid-client'
import { parsePersonalNumber } from '@minaintyg/personal-number'
import { startELegitimation } from '../src/e-legitimation/process.ts'
import type { ELegitimationProcess } from '../src/e-legitimation/process.ts'
import { swedish } from '../src/e-legitimation/accounts.ts'
import { createBrowser, walkLogIn, walkLogOut } from '../src/e-legitimation/walk.ts'
import { loa, testPersons } from '../src/test-persons.ts'

const redirectUri = 'http://localhost:1/callback'
const loggedOutUri = 'http://localhost:1/'
let process: ELegitimationProcess
let configuration: oidc.Configuration
let signingKey: oidc.CryptoKey

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  signingKey = privateKey
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }
  process = await startELegitimation({
    port: 0,
    relyingParties: [
      {
        client_id: 'rp',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [loggedOutUri],
        jwks: { keys: [jwk] },
      },
    ],
  })
  configuration = await oidc.discovery(
    new URL(process.issuer),
    'rp',
    { userinfo_signed_response_alg: 'ES256', id_token_signed_response_alg: 'ES256' },
    oidc.PrivateKeyJwt(signingKey),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback without TLS
    { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  )
})
afterAll(() => process.stop())

const verifier = oidc.randomPKCECodeVerifier()

async function authorizationUrl(acr: string[]): Promise<string> {
  const parameters = {
    redirect_uri: redirectUri,
    scope: `openid ${swedish.scopes.number} ${swedish.scopes.info}`,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'state',
    nonce: 'nonce',
    prompt: 'login',
    claims: JSON.stringify({ id_token: { acr: { essential: true, values: acr } } }),
  }
  return (await oidc.buildAuthorizationUrlWithJAR(configuration, parameters, signingKey)).href
}

async function logInAs(person: string, acr: string[] = [loa.loa3, loa.loa4]) {
  const callback = await walkLogIn(await authorizationUrl(acr), { person })
  const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: verifier,
    expectedState: 'state',
    expectedNonce: 'nonce',
    maxAge: 60,
  })
  const claims = tokens.claims()!
  const userinfo = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
  return { claims, userinfo }
}

test('every test person has a number that holds and that no one else has', () => {
  for (const { number, kind } of testPersons) expect(parsePersonalNumber(number)?.kind).toBe(kind)
  expect(new Set(testPersons.map(({ number }) => number)).size).toBe(testPersons.length)
})

describe('the test e-legitimation', () => {
  test('logs a test person in over plain HTTP, with the claims of the profile', async () => {
    const { claims, userinfo } = await logInAs('191212121212')
    expect(claims).toMatchObject({ acr: loa.loa3, auth_time: expect.any(Number) as number })
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(300)
    expect(userinfo).toMatchObject({
      sub: claims.sub,
      name: 'Tolvan Tolvansson',
      birthdate: '1912-12-12',
      [swedish.claims.personalIdentityNumber]: '191212121212',
    })
    expect(claims.sub).not.toContain('121212')
  })

  test('gives a coordination number as such, protected identity, and no name where there is none', async () => {
    const [coordination, protectedPerson, nameless] = await Promise.all(
      ['198809759874', '197402199868', '199106309835'].map((number) => logInAs(number)),
    )
    expect(coordination?.userinfo[swedish.claims.coordinationNumber]).toBe('198809759874')
    expect(coordination?.userinfo).not.toHaveProperty([swedish.claims.personalIdentityNumber])
    expect(protectedPerson?.userinfo[swedish.claims.protectedIdentity]).toBe(true)
    expect(nameless?.userinfo).not.toHaveProperty('name')
  })

  test('takes any number that holds, and asks again for one that does not', async () => {
    expect((await logInAs('198010249913')).userinfo['name']).toBe('Test Testsson')
    await expect(logInAs('198010249914')).rejects.toThrow('12 siffror')
  })

  test('answers unmet_authentication_requirements when the level is too low', async () => {
    const callback = await walkLogIn(await authorizationUrl([loa.loa3]), { person: '199902289892' })
    expect(callback.searchParams.get('error')).toBe('unmet_authentication_requirements')
  })

  test('answers access_denied when the person cancels', async () => {
    const callback = await walkLogIn(await authorizationUrl([loa.loa3]), { action: 'cancel' })
    expect(callback.searchParams.get('error')).toBe('access_denied')
  })

  test('shows a page without scripts under a strict policy, also where there is no log-in', async () => {
    const answer = await fetch(`${process.issuer}/interaction/none`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const page = await answer.text()
    expect(page).toContain('<html lang="sv">')
    expect(page).not.toContain('<script')
  })

  test('leads back from log-out, with or without a log-in, and without scripts', async () => {
    const browser = createBrowser(process.issuer)
    await walkLogIn(await authorizationUrl([loa.loa3]), { person: '191212121212' }, browser)
    const { href } = oidc.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: loggedOutUri,
    })
    for (const each of [browser, createBrowser(process.issuer)]) {
      expect((await walkLogOut(href, each)).href).toBe(loggedOutUri)
    }
    expect(await (await fetch(href)).text()).not.toContain('<script')
  })
})
