import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import { createCredentials } from '@minaintyg/service'
import { startIdentityProcess } from './identity-process.ts'
import type { IdentityProcess } from './identity-process.ts'
import { createPrivateJwk, toPublicJwk } from './identity-under-test.ts'

let identity: IdentityProcess
let keyServer: Server
let published: JWK[] = []
let fetches = 0

beforeAll(async () => {
  keyServer = createServer((_request, response) => {
    fetches += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: published.map(toPublicJwk) }))
  }).listen(0, '127.0.0.1')
  await once(keyServer, 'listening')
  const { port } = keyServer.address() as AddressInfo
  const client = {
    clientId: 'FKASSA',
    scopes: { dispatch: ['recipient'] },
    jwksUri: `http://127.0.0.1:${port}/jwks`,
  }
  identity = await startIdentityProcess({ CLIENTS: JSON.stringify([client]) })
})
afterAll(async () => {
  await identity.stop()
  keyServer.close()
  keyServer.closeAllConnections()
})

async function requestToken(clientKey: JWK): Promise<string> {
  const { url: identityUrl, config } = identity
  const issuer = config.ISSUER_URL
  const credentials = createCredentials({ identityUrl, issuer, clientId: 'FKASSA', clientKey })
  try {
    return await credentials.serviceToken('dispatch', 'recipient')
  } finally {
    await credentials.close()
  }
}

test('a client that publishes its keys changes to the next by itself, and uses no other', async () => {
  const [current, next, stranger] = [
    await createPrivateJwk('k1'),
    await createPrivateJwk('k2'),
    await createPrivateJwk('k1'),
  ]
  published = [current, next]
  expect(await requestToken(current)).toMatch(/^eyJ/)
  expect(await requestToken(next)).toMatch(/^eyJ/)
  await expect(requestToken(stranger)).rejects.toMatchObject({ code: 'identity.unavailable' })
  expect(fetches).toBe(1)
})
