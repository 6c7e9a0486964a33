import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createTestTokens } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import { exportJWK, generateKeyPair } from 'jose'
import type { EventBus } from '@minaintyg/messaging'
import { buildDispatchService } from '../src/app.ts'
import type { DispatchDeps, DispatchService } from '../src/app.ts'

const publicUrl = 'http://localhost:8080/minaintyg/v1'
const nowhere = 'http://127.0.0.1:1'

/** Tokens that identity would give out for minutes: kept, as dispatch keeps them. */
function createCredentials(tokens: TestTokens): NonNullable<DispatchDeps['credentials']> {
  const kept = new Map<string, Promise<string>>()
  const once = (key: string, make: () => Promise<{ authorization: string }>) => {
    const token = kept.get(key) ?? make().then(({ authorization }) => authorization.slice(7))
    kept.set(key, token)
    return token
  }
  return {
    serviceToken: (audience, scope) =>
      once(`${audience} ${scope}`, () => tokens.client(audience, scope, 'dispatch')),
    exchange: (subjectToken, audience) =>
      once(`${audience} ${subjectToken}`, () => tokens.patient(audience, randomUUID())),
    close: async () => undefined,
  }
}

export interface RunningDispatch {
  service: DispatchService
  tokens: TestTokens
  url: string
  close: () => Promise<void>
}

/** The service as it is, listening, with no worker started. */
export async function runDispatch(options: {
  database: string
  neighboursUrl: string
  bus: EventBus
}): Promise<RunningDispatch> {
  const { database, neighboursUrl, bus } = options
  const tokens = await createTestTokens()
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  const service = await buildDispatchService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'error',
      DATABASE_URL: database,
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: nowhere,
      IDENTITY_URL: nowhere,
      CLIENT_KEY: '{}',
      PUBLIC_URL: publicUrl,
      EVENT_SIGNING_KEYS: JSON.stringify({
        keys: [{ ...(await exportJWK(privateKey)), kid: 'bench' }],
      }),
      CONSENT_URL: neighboursUrl,
      CERTIFICATE_STORE_URL: neighboursUrl,
      RENDERING_URL: neighboursUrl,
    },
    {
      bus,
      authentication: tokens.authentication('dispatch'),
      credentials: createCredentials(tokens),
    },
  )
  await service.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = service.app.server.address() as AddressInfo
  return {
    service,
    tokens,
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const worker of service.workers.toReversed()) await worker.stop()
      await service.app.close()
    },
  }
}

/** A patient's request to send a certificate that has not been sent before; each call of `vary` makes another one. */
export const sendRequest = {
  method: 'POST',
  path: '/',
  status: 202,
  body: '{"recipientId":"FKASSA"}',
} as const

export const varySending = (headers: Record<string, string>) => ({
  path: `/certificates/${randomUUID()}/dispatches`,
  headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
})
