import { createTestDatabase, createTestTokens } from '@minaintyg/testing'
import type { TestDatabase, TestTokens } from '@minaintyg/testing'
import { exportJWK, generateKeyPair } from 'jose'
import pg from 'pg'
import { buildConsentService } from '../src/app.ts'
import type { ConsentDeps, ConsentService } from '../src/app.ts'

type Method = 'GET' | 'POST' | 'DELETE'

export interface ConsentUnderTest {
  service: ConsentService
  tokens: TestTokens
  database: TestDatabase
  /** As the owner of the tables. */
  rows: pg.Client
  asPatient: (id: string) => Promise<Patient>
  /** Unless the service was started, and stopped, by the test itself. */
  close(): Promise<void>
}
type Patient = ReturnType<typeof createPatient>

function createPatient(service: ConsentService, authorization: Record<string, string>) {
  const ask = (method: Method, url: string, payload?: object, headers?: Record<string, string>) =>
    service.app.inject({
      method,
      url,
      headers: { ...authorization, ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
  return {
    read: (headers?: Record<string, string>) => ask('GET', '/consent', undefined, headers),
    give: (payload: object = { textVersion: '1.0' }, headers?: Record<string, string>) =>
      ask('POST', '/consent', payload, headers),
    withdraw: () => ask('DELETE', '/consent'),
    proof: () => ask('GET', '/consent/proof'),
  }
}

async function proofKeys(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  return JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: 'proof-1' }] })
}

/** The service on a database of its own; none of its workers is started. */
export async function createConsentUnderTest(
  deps: ConsentDeps,
  variables: { EVENT_BUS_DATABASE_URL?: string } = {},
): Promise<ConsentUnderTest> {
  const database = await createTestDatabase('consent')
  const tokens = await createTestTokens()
  const service = await buildConsentService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: 'http://127.0.0.1:1/jwks',
      PROOF_SIGNING_KEYS: await proofKeys(),
      ...variables,
    },
    { authentication: tokens.authentication('consent'), ...deps },
  )
  const rows = new pg.Client({ connectionString: database.ownerUrl })
  await rows.connect()
  return {
    service,
    tokens,
    database,
    rows,
    asPatient: async (id) =>
      createPatient(service, await tokens.patient('consent', id, { sid: `session-${id}` })),
    async close() {
      await service.app.close()
      await rows.end()
      await database.drop()
    },
  }
}
