import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import type { EventBus } from '@minaintyg/messaging'
import { createServiceClient } from '@minaintyg/service'
import { createTestTokens } from '@minaintyg/testing'
import pg from 'pg'
import { createDatabase } from '@minaintyg/db'
import { buildCertificateStoreService } from '../src/app.ts'
import { listedOf } from '../src/certificates/certificate-list-query.ts'
import { createRequireConsent } from '../src/clients/consent-client.ts'
import type { Database } from '../src/database.ts'
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

interface ListedRow extends Record<string, unknown> {
  sealed_key: Buffer
  fetches: string
  sealed_line: Buffer
}

/** So many bytes of each line that the whole is about as long as the answer of the store. */
const bytesOfLine = 84

/**
 * As little as there can be between a request and Postgres: the list's one query as pg sends it, or prepared as the store has
 * it prepared; its rows as JSON of the same length.
 */
export async function startFloor(options: {
  database: string
  patientId: string
  prepared: boolean
}): Promise<Served> {
  const db = createDatabase<Database>({ url: options.database, poolSize: 1 })
  const { sql: text, parameters } = listedOf(db, options.patientId).compile()
  await db.destroy()
  const plain = { text, values: [...parameters] }
  const list = options.prepared ? { ...plain, name: 'list' } : plain
  const pool = new pg.Pool({ connectionString: options.database, max: 10 })
  const app = Fastify({ logger: false })
  app.addHook('onClose', () => pool.end())
  app.get('/certificates', async () => {
    const { rows } = await pool.query<ListedRow>(list)
    const items = rows.map(
      ({ sealed_key: _key, fetches: _fetches, sealed_line: line, ...row }) => ({
        ...row,
        line: line.toString('base64', 0, bytesOfLine),
      }),
    )
    return { items, total: items.length, fetches: rows[0]?.fetches }
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
  depthOf: async () => ({ messages: 0, consumers: undefined }),
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
