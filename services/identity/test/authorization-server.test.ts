import { SignJWT, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import type { JWK } from 'jose'
import {
  createCredentials,
  createServer as createResourceServer,
  resourceOf,
} from '@minaintyg/service'
import { createKeyring } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { createTestTokens, until } from '@minaintyg/testing'
import { defaultGrants, recipientGrants } from '../src/app.ts'
import type { Database } from '../src/database.ts'
import { createKeyRotation } from '../src/tokens/key-rotation.ts'
import { createSigningKeyRepository } from '../src/tokens/signing-key-repository.ts'
import { startIdentityProcess } from './identity-process.ts'
import type { IdentityProcess } from './identity-process.ts'
import { createPrivateJwk, toPublicJwk } from './identity-under-test.ts'

const issuer = 'https://identity.test'
let identity: IdentityProcess
let identityUrl: string
const keys: Record<string, JWK> = {}

beforeAll(async () => {
  const grants = { ...defaultGrants, FKASSA: recipientGrants }
  const clients = await Promise.all(
    Object.entries(grants).map(async ([clientId, scopes]) => {
      const key = await createPrivateJwk(`${clientId}-1`)
      keys[clientId] = key
      return { clientId, scopes, jwks: { keys: [toPublicJwk(key)] } }
    }),
  )
  identity = await startIdentityProcess({ CLIENTS: JSON.stringify(clients) })
  identityUrl = identity.url
})
afterAll(async () => {
  await identity.stop()
})

async function assertion(clientId: string, claims: object = {}, key = keys[clientId]!) {
  return new SignJWT({ aud: issuer, iss: clientId, sub: clientId, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid! })
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(await importJWK(key, 'ES256'))
}

const request = (form: Record<string, string>, url = `${identityUrl}/oauth/token`) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form) })

const grantForm = (clientAssertion: string, audience: string, scope: string) => ({
  grant_type: 'client_credentials',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: clientAssertion,
  resource: resourceOf(audience),
  scope,
})

async function expectOAuthError(answer: Response, status: number, error: string): Promise<void> {
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
    status,
    error,
  ])
}

const credentialsOf = (clientId: string) =>
  createCredentials({ identityUrl, issuer, clientId, clientKey: keys[clientId]! })

describe('POST /oauth/token', () => {
  test('gives every service what it needs of its neighbours, as tokens that they accept', async () => {
    const remoteKeys = createRemoteJWKSet(new URL(`${identityUrl}/.well-known/jwks.json`))
    for (const [clientId, grants] of Object.entries({
      ...defaultGrants,
      FKASSA: recipientGrants,
    })) {
      const credentials = credentialsOf(clientId)
      for (const [audience, granted] of Object.entries(grants)) {
        const neighbour = await createResourceServer({
          name: audience,
          logLevel: 'silent',
          authentication: { issuer, audience, keys: remoteKeys },
        })
        for (const scope of granted) {
          neighbour.get(`/${scope}`, { config: { access: scope } }, async ({ caller }) => caller)
        }
        for (const scope of granted) {
          const token = await credentials.serviceToken(audience, scope)
          const headers = { authorization: `Bearer ${token}` }
          const answer = await neighbour.inject({ url: `/${scope}`, headers })
          expect(answer.json()).toMatchObject({ subject: clientId, clientId, scopes: [scope] })
        }
        await neighbour.close()
      }
      await credentials.close()
    }
  })

  test('signs at+jwt with the published key, for at most 5 minutes', async () => {
    const answer = await request(grantForm(await assertion('gateway'), 'identity', 'sessions'))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toContain('no-store')
    const { access_token: token } = (await answer.json()) as { access_token: string }
    const jwks = (await (await fetch(`${identityUrl}/.well-known/jwks.json`)).json()) as {
      keys: JWK[]
    }
    expect(jwks.keys).toHaveLength(1)
    expect(jwks.keys[0]).not.toHaveProperty('d')
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'at+jwt',
      kid: jwks.keys[0]!.kid,
    })
    const { iat, exp, ...claims } = decodeJwt(token)
    expect(exp! - iat!).toBeLessThanOrEqual(300)
    expect(claims).toMatchObject({
      iss: issuer,
      aud: 'identity',
      sub: 'gateway',
      client_id: 'gateway',
      scope: 'sessions',
    })
  })

  test('refuses what is not open to the client: audiences, scopes, and no audience at all', async () => {
    const ask = async (audience: string, scope: string) =>
      request(grantForm(await assertion('gateway'), audience, scope))
    await expectOAuthError(await ask('dispatch', 'recipient'), 400, 'invalid_target')
    await expectOAuthError(await ask('toString', 'sessions'), 400, 'invalid_target')
    await expectOAuthError(await ask('identity', 'person-number:read'), 400, 'invalid_scope')
    await expectOAuthError(await ask('identity', 'patient'), 400, 'invalid_scope')
    await expectOAuthError(await ask('identity', ''), 400, 'invalid_scope')
    const { resource, ...form } = grantForm(await assertion('gateway'), 'identity', 'sessions')
    expect(resource).toBe('urn:minaintyg:identity')
    await expectOAuthError(await request(form), 400, 'invalid_target')
  })

  test('does not mix the scopes of two audiences', async () => {
    const form = grantForm(await assertion('dispatch'), 'consent', 'consent-state:read render')
    await expectOAuthError(await request(form), 400, 'invalid_scope')
  })

  test('takes an assertion once, also when it comes twice at the same time', async () => {
    const form = grantForm(await assertion('gateway'), 'identity', 'sessions')
    const answers = await Promise.all([request(form), request(form), request(form)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    await expectOAuthError(await request(form), 401, 'invalid_client')
  })

  test.each([
    ['signed with another client’s key', () => assertion('gateway', {}, keys['dispatch'])],
    [
      'for the address that it is sent to, which is not the issuer',
      () => assertion('gateway', { aud: `${identityUrl}/oauth/token` }),
    ],
    [
      'for several audiences',
      () => assertion('gateway', { aud: [issuer, 'https://elsewhere.test'] }),
    ],
    ['for another audience', () => assertion('gateway', { aud: 'https://elsewhere.test' })],
    ['of a client that is not there', () => assertion('nobody', {}, keys['gateway'])],
    ['that is no JWT', async () => 'x'],
  ])('refuses an assertion %s', async (_what, make) => {
    const answer = await request(grantForm(await make(), 'identity', 'sessions'))
    expect([400, 401]).toContain(answer.status)
    expect(((await answer.json()) as { error: string }).error).toMatch(/^invalid_(client|request)$/)
  })

  test('knows no other grant, route or content type, and stays up', async () => {
    const form = grantForm(await assertion('gateway'), 'identity', 'sessions')
    for (const grant of ['authorization_code', 'password', 'refresh_token', '']) {
      const answer = await request({ ...form, grant_type: grant })
      expect([400, 401]).toContain(answer.status)
    }
    const json = await fetch(`${identityUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(json.status).toBe(415)
    for (const path of ['/auth', '/reg', '/me/x', '/.well-known/openid-configuration']) {
      expect((await fetch(identityUrl + path)).status).toBe(404)
    }
    expect((await request({ x: 'y'.repeat(100_000) })).status).toBeLessThan(500)
    expect((await fetch(`${identityUrl}/oauth/token`)).status).toBe(405)
    expect((await fetch(`${identityUrl}/readyz`)).status).toBe(200)
  })

  test('signs with the key that signs for patients too, also after it has rotated', async () => {
    const kid = async () => {
      const answer = await request(grantForm(await assertion('gateway'), 'identity', 'sessions'))
      const { access_token: token } = (await answer.json()) as { access_token: string }
      return decodeProtectedHeader(token).kid
    }
    const first = await kid()
    const db = createDatabase<Database>({ url: identity.config.DATABASE_URL, poolSize: 1 })
    const repository = createSigningKeyRepository(db, createKeyring(identity.config.SECRET_KEYS))
    let minutes = 0
    const now = () => new Date(Date.now() + minutes * 60_000)
    const rotation = createKeyRotation({ repository, days: 30, now })
    const { kid: second } = await rotation.request()
    minutes = 16
    await rotation.run()
    await db.destroy()
    expect(second).not.toBe(first)
    const stranger = await createTestTokens()
    await until(async () => {
      // A key that it does not know makes it look before its minute is over.
      const token = await stranger.sign({ aud: 'identity', sub: 'x', client_id: 'x' })
      const headers = { authorization: `Bearer ${token}` }
      expect((await fetch(`${identityUrl}/me`, { headers })).status).toBe(401)
      return (await kid()) === second
    })
  })

  test('writes nothing but its JSON log, and no assertion or token in it', () => {
    const output = identity.output()
    const lines = output.trim().split('\n').filter(Boolean)
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level')
    expect(output).not.toMatch(/eyJ/)
  })
})
