import { createRecordingBus, createTestTokens, expectProblem } from '@minaintyg/testing'
import { AppError } from '@minaintyg/errors'
import { buildRenderingService } from '../src/app.ts'
import { errors } from '../src/errors.ts'
import { certificate } from './certificates.ts'
import { patientId } from './consent-proof.ts'
import { createCertificateStoreStub } from './certificate-store-stub.ts'

const config = {
  HOST: '127.0.0.1',
  PORT: 0,
  LOG_LEVEL: 'silent',
  IDENTITY_URL: 'http://127.0.0.1:1',
  ISSUER_URL: 'https://identity.test',
  JWKS_URL: 'https://identity.test/.well-known/jwks.json',
  CLIENT_KEY: '{}',
  RENDER_THREADS: 1,
  RENDER_QUEUE: 0,
  RENDER_DEADLINE_MS: 20_000,
  RENDER_MEMORY_MB: 256,
}

const full = () => {
  throw new AppError(errors.overloaded, { retryAfter: 5 })
}

test('no copy is fetched, and so none is on record as saved, where nobody could draw it', async () => {
  const tokens = await createTestTokens()
  const store = await createCertificateStoreStub({ plain: certificate() })
  const { app } = await buildRenderingService(
    { ...config, CERTIFICATE_STORE_URL: store.url },
    {
      bus: createRecordingBus(),
      authentication: tokens.authentication('rendering'),
      credentials: { exchange: async () => 'a-token', close: async () => undefined },
      renderer: {
        isWarm: async () => true,
        checkRoom: full,
        render: full,
        renderConsentProof: full,
        close: async () => undefined,
      },
    },
  )
  const headers = await tokens.patient('rendering', patientId)
  const answer = await app.inject({ url: '/certificates/plain/pdf', headers })
  expectProblem(answer, 503, 'pdf.overloaded')
  expect(answer.headers['retry-after']).toBe('5')
  expect(store.asked).toEqual([])
  await app.close()
  await store.close()
})
