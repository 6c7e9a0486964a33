import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { createRecordingBus, createTestTokens } from '@minaintyg/testing'
import { exportJWK, generateKeyPair } from 'jose'
import pg from 'pg'
import { buildConsentService } from '../src/app.ts'

export interface Served {
  url: string
  path: string
  headers: Record<string, string>
  stop: () => Promise<void>
}

async function listen(app: Pick<FastifyInstance, 'listen' | 'close'>) {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, stop: () => app.close() }
}

/** As little as there can be between the question and Postgres. */
export async function startFloor(options: {
  database: string
  patientId: string
}): Promise<Served> {
  const pool = new pg.Pool({ connectionString: options.database, max: 10 })
  const app = Fastify({ logger: false })
  app.addHook('onClose', () => pool.end())
  app.get('/', async () => {
    const { rows } = await pool.query(
      'select * from consent_record where patient_id = $1 order by position desc limit 1',
      [options.patientId],
    )
    return { state: (rows as { kind: string }[])[0]?.kind }
  })
  return { ...(await listen(app)), path: '/', headers: {} }
}

/** The service as it is, with a patient who has consented; the question comes with a service's token. */
export async function startConsent(options: {
  database: string
}): Promise<Served & { patientId: string }> {
  const tokens = await createTestTokens()
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const { app } = await buildConsentService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'error',
      DATABASE_URL: options.database,
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: 'http://127.0.0.1:1',
      PROOF_SIGNING_KEYS: JSON.stringify({
        keys: [{ ...(await exportJWK(privateKey)), kid: 'k' }],
      }),
    },
    { authentication: tokens.authentication('consent'), bus: createRecordingBus() },
  )
  const patientId = randomUUID()
  const given = await app.inject({
    method: 'POST',
    url: '/consent',
    headers: await tokens.patient('consent', patientId),
    payload: { textVersion: '1.0' },
  })
  if (given.statusCode !== 201) throw new Error(given.body)
  return {
    ...(await listen(app)),
    patientId,
    path: `/patients/${patientId}/consent-state`,
    headers: await tokens.client('consent', 'consent-state:read', 'certificate-store'),
  }
}
