import { decodeJwt } from 'jose'
import { expectProblem, freePort } from '@minaintyg/testing'
import { startELegitimation } from '../../../deploy/local/src/e-legitimation/process.ts'
import type { ELegitimationProcess } from '../../../deploy/local/src/e-legitimation/process.ts'
import type { RelyingParty } from '../../../deploy/local/src/e-legitimation/provider.ts'
import {
  createBrowser,
  walkLogIn,
  walkLogOut,
} from '../../../deploy/local/src/e-legitimation/walk.ts'
import type { Choice } from '../../../deploy/local/src/e-legitimation/walk.ts'
import { createIdentityUnderTest, createPrivateJwk } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'

const tolvan = { person: '191212121212' }
let provider: ELegitimationProcess
let identity: IdentityUnderTest
/** As published: the provider knows of us by nothing else. */
let registration: unknown

beforeAll(async () => {
  const [port, providersPort] = [await freePort(), await freePort()]
  const base = `http://127.0.0.1:${port}`
  const issuer = `http://127.0.0.1:${providersPort}`
  identity = await createIdentityUnderTest(issuer, await createPrivateJwk('rp-1'), {
    CALLBACK_URL: `${base}/callback`,
  })
  await identity.app.listen({ host: '127.0.0.1', port })
  registration = await (await fetch(`${base}/.well-known/rp-metadata.json`)).json()
  provider = await startELegitimation({
    port: providersPort,
    issuer,
    relyingParties: [registration as RelyingParty],
  })
})
afterAll(async () => {
  await identity.close()
  await provider.stop()
})
afterEach(() => {
  identity.clock.reset()
})

async function begin(): Promise<{ logInId: string; authorizationUrl: string }> {
  const answer = await identity.post('/log-ins', { returnTo: '/intyg' })
  expect(answer.statusCode).toBe(201)
  return answer.json()
}

const complete = (logInId: string, callback: URL) =>
  identity.post('/log-ins/completions', { logInId, parameters: callback.search.slice(1) })

async function logIn(choice: Choice = tolvan) {
  const { logInId, authorizationUrl } = await begin()
  return complete(logInId, await walkLogIn(authorizationUrl, choice))
}

async function sessionOf(choice: Choice = tolvan): Promise<string> {
  const answer = await logIn(choice)
  expect(answer.statusCode).toBe(201)
  return answer.json().session
}

async function tokenOf(session: string, audience = 'identity') {
  const answer = await identity.post('/session-tokens', { session, audience })
  expect(answer.statusCode).toBe(201)
  return answer.json<{ accessToken: string; patientId: string; expiresAt: string }>()
}

const readMe = async (session: string) => {
  const { accessToken } = await tokenOf(session)
  return identity.app.inject({
    url: '/me',
    headers: { authorization: `Bearer ${accessToken}` },
  })
}

test('a provider can register this relying party by what it publishes, with no secret in it', async () => {
  const [, base = ''] = /^(.*)\/callback$/.exec(identity.config.CALLBACK_URL) ?? []
  expect(registration).toEqual({
    client_id: 'mina-intyg',
    client_name: 'Mina intyg',
    application_type: 'web',
    redirect_uris: [`${base}/callback`],
    post_logout_redirect_uris: ['http://localhost:1/'],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope:
      'openid https://id.oidc.se/scope/naturalPersonNumber https://id.oidc.se/scope/naturalPersonInfo',
    jwks_uri: `${base}/.well-known/rp-jwks.json`,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    request_object_signing_alg: 'ES256',
    require_signed_request_object: true,
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
    default_acr_values: [
      'http://id.elegnamnden.se/loa/1.0/loa3',
      'http://id.elegnamnden.se/loa/1.0/loa4',
    ],
    require_auth_time: true,
    backchannel_logout_uri: `${base}/backchannel-logout`,
    backchannel_logout_session_required: true,
  })
})

describe('logging in', () => {
  test('sends nothing but a signed request object, which asks for what the profile demands', async () => {
    const url = new URL((await begin()).authorizationUrl)
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request'])
    expect(decodeJwt(url.searchParams.get('request')!)).toMatchObject({
      aud: provider.issuer,
      iss: 'mina-intyg',
      response_type: 'code',
      prompt: 'login',
      code_challenge_method: 'S256',
      state: expect.any(String) as string,
      nonce: expect.any(String) as string,
      scope: expect.stringContaining('naturalPersonNumber') as string,
      claims: {
        id_token: {
          acr: {
            essential: true,
            values: [
              'http://id.elegnamnden.se/loa/1.0/loa3',
              'http://id.elegnamnden.se/loa/1.0/loa4',
            ],
          },
        },
      },
    })
  })

  test('opens a session and leads back to where it began', async () => {
    const answer = await logIn()
    expect(answer.statusCode).toBe(201)
    const { session, returnTo, absoluteExpiry } = answer.json()
    expect(session).toMatch(/^[\w-]{43}$/)
    expect(returnTo).toBe('/intyg')
    expect(Date.parse(absoluteExpiry) - Date.now()).toBeGreaterThan(7.9 * 3_600_000)
  })

  test('knows the person by a masked number, and as the same patient the next time', async () => {
    const session = await sessionOf()
    const me = await readMe(session)
    expect(me.json()).toEqual({
      name: 'Tolvan Tolvansson',
      personalIdentityNumberMasked: '19121212-••••',
      protectedIdentity: false,
      loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
    })
    const again = await tokenOf(await sessionOf())
    expect(again.patientId).toBe((await tokenOf(session)).patientId)
  })

  test('takes coordination numbers, protected identity, and people without a name claim', async () => {
    const coordination = await readMe(await sessionOf({ person: '198809759874' }))
    expect(coordination.json().personalIdentityNumberMasked).toBe('19880975-••••')
    const sheltered = await readMe(await sessionOf({ person: '197402199868' }))
    expect(sheltered.json().protectedIdentity).toBe(true)
    const nameless = await readMe(await sessionOf({ person: '199106309835' }))
    expect(nameless.json().name).toBeNull()
  })

  test('tells cancelling, too low a level and too young apart', async () => {
    expectProblem(await logIn({ action: 'cancel' }), 400, 'login.cancelled')
    expectProblem(await logIn({ person: '199902289892' }), 403, 'login.loa-too-low')
    expectProblem(await logIn({ person: '195307149855' }), 403, 'login.loa-too-low')
    expectProblem(await logIn({ person: '201504129840' }), 403, 'login.too-young')
  })

  test('can be completed once, and within 10 minutes', async () => {
    const { logInId, authorizationUrl } = await begin()
    const callback = await walkLogIn(authorizationUrl, tolvan)
    expect((await complete(logInId, callback)).statusCode).toBe(201)
    expectProblem(await complete(logInId, callback), 400, 'login.expired')
    expectProblem(await complete('unknown', callback), 400, 'login.expired')
    const late = await begin()
    identity.clock.forward(10 * 60_000)
    expectProblem(await complete(late.logInId, callback), 400, 'login.expired')
  })

  test('of two completions at once lets one through', async () => {
    const { logInId, authorizationUrl } = await begin()
    const callback = await walkLogIn(authorizationUrl, tolvan)
    const answers = await Promise.all([complete(logInId, callback), complete(logInId, callback)])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 400])
  })

  test('refuses the answer to another log-in, a changed state and a missing one', async () => {
    const [mine, other] = [await begin(), await begin()]
    const callback = await walkLogIn(other.authorizationUrl, tolvan)
    expectProblem(await complete(mine.logInId, callback), 400, 'login.failed')
    for (const state of ['changed', undefined]) {
      const { logInId, authorizationUrl } = await begin()
      const changed = await walkLogIn(authorizationUrl, tolvan)
      if (state === undefined) changed.searchParams.delete('state')
      else changed.searchParams.set('state', state)
      expectProblem(await complete(logInId, changed), 400, 'login.failed')
    }
    const junk = await begin()
    expectProblem(
      await complete(junk.logInId, new URL('http://x/?%00=%ff&code')),
      400,
      'login.failed',
    )
  })

  test('leaves an audit line with the reason, and no number, name or secret', async () => {
    const session = await sessionOf()
    await logIn({ action: 'cancel' })
    const audit = identity.log.entries().filter(({ msg }) => msg === 'audit')
    expect(audit).toContainEqual(expect.objectContaining({ event: 'log-in' }))
    expect(audit).toContainEqual(
      expect.objectContaining({ event: 'log-in-failed', reason: 'login.cancelled' }),
    )
    const lines = identity.log.lines.join('')
    for (const secret of ['121212', 'Tolvan', session]) expect(lines).not.toContain(secret)
  })
})

describe('logging out', () => {
  test('leads through the provider and back, without the number in any address', async () => {
    const { logInId, authorizationUrl } = await begin()
    const browser = createBrowser(provider.issuer)
    const callback = await walkLogIn(authorizationUrl, tolvan, browser)
    const { session } = (await complete(logInId, callback)).json()
    const { endSessionUrl } = (await identity.post('/sessions/terminations', { session })).json()
    const idToken = new URL(endSessionUrl).searchParams.get('id_token_hint')
    expect(idToken === null || !JSON.stringify(decodeJwt(idToken)).includes('121212')).toBe(true)
    const back = await walkLogOut(endSessionUrl, browser)
    expect(back.href).toBe('http://localhost:1/')
  })

  test('at the provider ends the session here', async () => {
    const { logInId, authorizationUrl } = await begin()
    const browser = createBrowser(provider.issuer)
    const callback = await walkLogIn(authorizationUrl, tolvan, browser)
    const { session } = (await complete(logInId, callback)).json()
    const elsewhere = new URL(`${provider.issuer}/session/end`)
    elsewhere.search = new URLSearchParams({
      client_id: 'mina-intyg',
      post_logout_redirect_uri: 'http://localhost:1/',
    }).toString()
    await walkLogOut(elsewhere.href, browser)
    const state = await identity.post('/sessions/introspections', { session })
    expect(state.json().authenticated).toBe(false)
  })
})
