import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, importJWK } from 'jose'
import type { JWK } from 'jose'
import { resourceOf } from '@minaintyg/service'
import { startIdentityProcess } from './identity-process.ts'
import type { IdentityProcess } from './identity-process.ts'
import { createClock, createPrivateJwk, toPublicJwk } from './identity-under-test.ts'

const minute = 60_000
let identity: IdentityProcess
let keyServer: Server
let keysUrl: string
let published: JWK[] = []
let fetches = 0
/** What the next answer of the client's server is. */
let answer: { status: number; headers: Record<string, string> }
const clock = createClock()

beforeAll(async () => {
  keyServer = createServer((_request, response) => {
    fetches += 1
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(JSON.stringify({ keys: published.map(toPublicJwk) }))
  }).listen(0, '127.0.0.1')
  await once(keyServer, 'listening')
  keysUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`
  const client = { clientId: 'FKASSA', scopes: { dispatch: ['recipient'] }, jwksUri: keysUrl }
  identity = await startIdentityProcess({ CLIENTS: JSON.stringify([client]) })
})
afterAll(async () => {
  await identity.stop()
  keyServer.close()
  keyServer.closeAllConnections()
})
beforeEach(async () => {
  answer = { status: 200, headers: {} }
  fetches = 0
  await forward(2 * minute)
})

async function forward(milliseconds: number): Promise<void> {
  clock.forward(milliseconds)
  await identity.forward(milliseconds)
}

async function requestToken(key: JWK, header: object = { kid: key.kid }): Promise<number> {
  const at = Math.floor(clock.now().getTime() / 1000)
  const assertion = await new SignJWT({ aud: 'https://identity.test', iss: 'FKASSA' })
    .setProtectedHeader({ alg: 'ES256', ...header })
    .setSubject('FKASSA')
    .setJti(crypto.randomUUID())
    .setIssuedAt(at)
    .setExpirationTime(at + 60)
    .sign(await importJWK(key, 'ES256'))
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    resource: resourceOf('dispatch'),
    scope: 'recipient',
  }
  const url = `${identity.url}/oauth/token`
  return (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).status
}

describe('a client that publishes its keys', () => {
  test('changes to the next by itself, and uses no other', async () => {
    const [current, next] = [await createPrivateJwk('k1'), await createPrivateJwk('k2')]
    published = [current, next]
    expect([await requestToken(current), await requestToken(next)]).toEqual([200, 200])
    expect(await requestToken(await createPrivateJwk('k1'))).toBe(401)
    expect(fetches).toBeLessThanOrEqual(2)
  })

  test('need not name the one that signed', async () => {
    const [one, other] = [await createPrivateJwk('k1'), await createPrivateJwk('k2')]
    published = [one, other]
    expect([await requestToken(one, {}), await requestToken(other, {})]).toEqual([200, 200])
    published = [other]
    await forward(minute)
    expect([await requestToken(one, {}), await requestToken(other, {})]).toEqual([401, 200])
  })

  test('adds a key, which holds a minute later without a restart', async () => {
    const [current, added] = [await createPrivateJwk('k1'), await createPrivateJwk('k2')]
    published = [current]
    expect(await requestToken(current)).toBe(200)
    published = [current, added]
    await forward(minute)
    expect([await requestToken(added), await requestToken(current)]).toEqual([200, 200])
  })

  test('removes a key, which holds no more a minute later', async () => {
    const [leaked, next] = [await createPrivateJwk('k1'), await createPrivateJwk('k2')]
    published = [leaked, next]
    expect(await requestToken(leaked)).toBe(200)
    published = [next]
    await forward(minute)
    expect([await requestToken(leaked), await requestToken(next)]).toEqual([401, 200])
  })

  test.each([
    ['max-age', { 'cache-control': 'public, max-age=31536000' }],
    ['Expires', { expires: 'Fri, 31 Dec 2100 00:00:00 GMT' }],
  ])('cannot make a key that it removes hold longer by %s', async (_what, headers) => {
    const [leaked, next] = [await createPrivateJwk('k1'), await createPrivateJwk('k2')]
    answer = { status: 200, headers }
    published = [leaked, next]
    expect(await requestToken(leaked)).toBe(200)
    published = [next]
    await forward(minute)
    expect([await requestToken(leaked), await requestToken(next)]).toEqual([401, 200])
  })

  test('is not followed to another address', async () => {
    const key = await createPrivateJwk('k1')
    published = [key]
    answer = { status: 302, headers: { location: keysUrl } }
    expect(await requestToken(key)).toBeGreaterThanOrEqual(400)
    expect(fetches).toBe(1)
    answer = { status: 200, headers: {} }
    await forward(minute)
    expect(await requestToken(key)).toBe(200)
  })
})
