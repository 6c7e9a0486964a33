import { createRecordingBus, createTestTokens } from '@minaintyg/testing'
import { buildRenderingService } from '../src/app.ts'
import { createCertificateStoreStub } from '../test/certificate-store-stub.ts'
import { examples } from '../test/examples.ts'

export interface Served {
  url: string
  /** Of a patient. */
  headers: Record<string, string>
  path: string
  stop: () => Promise<void>
}

const original = {
  mediaType: 'application/xml' as const,
  bytes: Buffer.from('<intyg>191212121212</intyg>').toString('base64'),
}

/** The service as in production, but for who vouches for tokens and a certificate-store that answers at once. */
export async function startRendering(): Promise<Served> {
  const tokens = await createTestTokens()
  const certificate = examples['sick-leave']?.certificate
  if (certificate === undefined) throw new Error('There is no such example')
  const store = await createCertificateStoreStub({ whole: certificate }, { whole: original })
  const { app } = await buildRenderingService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'silent',
      IDENTITY_URL: 'http://127.0.0.1:1',
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: 'https://identity.test/.well-known/jwks.json',
      CLIENT_KEY: '{}',
      CERTIFICATE_STORE_URL: store.url,
      RENDER_THREADS: 2,
      RENDER_QUEUE: 32,
      RENDER_DEADLINE_MS: 10_000,
      RENDER_MEMORY_MB: 512,
    },
    {
      bus: createRecordingBus(),
      authentication: tokens.authentication('rendering'),
      credentials: { exchange: async () => 'a-token', close: async () => undefined },
    },
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    headers: await tokens.patient('rendering', '0b8f3c1e-1111-4222-8333-444455556666'),
    path: '/certificates/whole/pdf',
    stop: () => Promise.all([app.close(), store.close()]).then(() => undefined),
  }
}
