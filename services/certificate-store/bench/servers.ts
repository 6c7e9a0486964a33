import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import type { EventBus } from '@minaintyg/messaging'
import { createServiceClient } from '@minaintyg/service'
import { createTestTokens } from '@minaintyg/testing'
import pg from 'pg'
import { buildCertificateStoreService } from '../src/app.ts'
import { createRequireConsent } from '../src/clients/consent-client.ts'
import { sources } from './seed.ts'

export interface Served {
  url: string
  /** Of each patient, in their order. */
  headers: Record<string, string>[]
  stop: () => Promise<void>
}

async function listen(
  app: Pick<FastifyInstance, 'listen' | 'close'>,
  headers: Served['headers'] = [],
): Promise<Served> {
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, headers, stop: () => app.close() }
}

/** What the list asks, as Postgres sees it. */
const query = `select c.id, c.patient_id, c.source_id, c.journal_id, c.type_code, c.type_version, c.unit_id, c.issued_at,
    c.listed_at, c.readable, c.revoked_at, c.sent_by_care_at, c.replaced, c.complemented, c.archived_at, c.restored_at,
    k.sealed_key, j.fetches, c.sealed_line,
    (select min(coalesce(d.delivered_at, d.received_at)) from certificate_dispatch d
      where d.certificate_id = c.id and d.patient_id = c.patient_id) as sent_at
  from patient_key k
    cross join lateral (select json_object_agg(source_id, fetched_at)::text as fetches
      from journal_fetch f where f.patient_id = k.patient_id) j
    left join certificate c on c.patient_id = k.patient_id and c.leads
  where k.patient_id = $1`

interface ListedRow extends Record<string, unknown> {
  sealed_line: Buffer
}

/** As little as there can be between a request and Postgres: the list's one query, its rows as JSON. */
export async function startFloor(options: {
  database: string
  patientId: string
}): Promise<Served> {
  const pool = new pg.Pool({ connectionString: options.database, max: 10 })
  const app = Fastify({ logger: false })
  app.addHook('onClose', () => pool.end())
  app.get('/certificates', async () => {
    const { rows } = await pool.query<ListedRow>(query, [options.patientId])
    return { items: rows.map(({ sealed_line, ...row }) => ({ ...row, size: sealed_line.length })) }
  })
  return listen(app)
}

/** Says of everyone that consent is given: what is measured is the question, not the answer. */
export async function startConsent(): Promise<Omit<Served, 'headers'>> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"given"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve()
        }),
      ),
  }
}

/** Nobody speaks, nobody listens. */
export const silentBus: EventBus = {
  publish: async () => undefined,
  subscribe: async () => ({ stop: async () => undefined }),
  state: () => 'ready',
  onStateChange: () => () => undefined,
  close: async () => undefined,
}

const nowhere = 'http://127.0.0.1:1'

/** The service as it is, with tokens of the patients'; consent is asked over HTTP as always. */
export async function startStore(options: {
  database: string
  masterKeys: string
  patientIds: string[]
  consentUrl: string
}): Promise<Served> {
  const { database, masterKeys, patientIds, consentUrl } = options
  const tokens = await createTestTokens()
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const consent = createServiceClient({ name: 'consent', baseUrl: consentUrl })
  const { app, workers } = await buildCertificateStoreService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'error',
      DATABASE_URL: database,
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: nowhere,
      IDENTITY_URL: nowhere,
      CONSENT_URL: consentUrl,
      CLIENT_KEY: JSON.stringify({
        ...privateKey.export({ format: 'jwk' }),
        kid: 'k',
        alg: 'ES256',
      }),
      MASTER_KEYS: masterKeys,
      ACCESS_LOG_KEYS: `bench:${randomBytes(32).toString('base64')}`,
      IDENTIFIER_KEY: randomBytes(32).toString('base64'),
      JOURNALS: JSON.stringify(
        sources.map((id) => ({
          id,
          name: id,
          endpoint: nowhere,
          logicalAddress: 'SE-1',
          contractVersion: 3,
        })),
      ),
      // Fresh for as long as the benchmark runs.
      FRESHNESS: 86_400_000,
    },
    {
      authentication: tokens.authentication('certificate-store'),
      bus: silentBus,
      requireConsent: createRequireConsent({
        client: consent,
        credentials: { serviceToken: async () => 'a token' },
      }),
    },
  )
  app.addHook('onClose', () => consent.close())
  // What they do beside the answers is a part of what an answer costs.
  for (const worker of workers) await worker.start()
  app.addHook('preClose', async () => {
    for (const worker of workers.toReversed()) await worker.stop()
  })
  const headers = patientIds.map((id) => tokens.patient('certificate-store', id))
  return listen(app, await Promise.all(headers))
}
