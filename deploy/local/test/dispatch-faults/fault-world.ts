import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { migrate } from '@minaintyg/db'
import { startPostgres } from '@minaintyg/embedded-postgres'
import { createTestDatabase, freePort, startPrivateRabbitmq, until } from '@minaintyg/testing'
import { exportJWK, generateKeyPair } from 'jose'
import pg from 'pg'
import { testConfig } from '../../../../services/dispatch/test/start-dispatch.ts'
import { createForsakringskassan } from '../../src/forsakringskassan/index.ts'
import type { ForsakringskassanConfig } from '../../src/forsakringskassan/index.ts'
import { startParty } from './dispatch-party.ts'
import type { PartyConfig, PartyOptions } from './dispatch-party.ts'
import { createAudit } from './each-once.ts'
import { startSurroundings } from './surroundings.ts'

const migrations = join(import.meta.dirname, '../../../../services/dispatch/migrations')
const credentials = async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const clientKey = { ...(await exportJWK(privateKey)), kid: 'k', alg: 'ES256' }
  return { clientId: 'forsakringskassan', clientKey }
}

interface WorldDatabases {
  dispatchUrl: string
  booksUrl: string
  drop: () => Promise<void>
}

async function createSharedDatabases(): Promise<WorldDatabases> {
  const [dispatch, books] = [await createTestDatabase('dispatch'), await createTestDatabase()]
  return {
    dispatchUrl: dispatch.url,
    booksUrl: books.url,
    async drop() {
      await dispatch.drop()
      await books.drop()
    },
  }
}

/** A Postgres that only this test has, and may stop and kill; it forgets nothing that it has said to be committed. */
export async function startPrivatePostgres() {
  const dataDir = await mkdtemp(join(tmpdir(), 'minaintyg-faults-'))
  // As root Postgres runs as another user, who must get through.
  await chmod(dataDir, 0o755)
  const port = await freePort()
  let server = await startPostgres({ dataDir, port })
  for (const name of ['dispatch', 'books']) await server.createDatabase(name)
  await migrate(server.url('dispatch'), migrations)
  return {
    dispatchUrl: server.url('dispatch'),
    booksUrl: server.url('books'),
    stop: () => server.stop(),
    async start() {
      server = await startPostgres({ dataDir, port })
    },
    async kill() {
      const pidFile = await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')
      process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL')
      await server.stop()
    },
    async drop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
export type PrivatePostgres = Awaited<ReturnType<typeof startPrivatePostgres>>

/** A broker, databases, dispatch’s neighbours and a recipient, with nothing between them but what a test breaks. */
export async function createFaultWorld(given?: WorldDatabases) {
  const rabbitmq = await startPrivateRabbitmq()
  const databases = given ?? (await createSharedDatabases())
  const port = await freePort()
  const surroundings = await startSurroundings(`http://127.0.0.1:${port}`)
  const { tokens, neighbours, gatewayUrl, tokensUrl } = surroundings
  const party: PartyConfig = {
    config: await testConfig(databases.dispatchUrl, neighbours, {
      PORT: port,
      PUBLIC_URL: gatewayUrl,
    }),
    keys: tokens.keys,
    tokensUrl,
    amqpUrl: rabbitmq.url,
  }
  const recipient: ForsakringskassanConfig = {
    host: '127.0.0.1',
    port: await freePort(),
    gatewayUrl,
    credentials: await credentials(),
    busUrl: rabbitmq.url,
    databaseUrl: databases.booksUrl,
    logLevel: 'silent',
  }
  const dispatchDb = new pg.Pool({ connectionString: databases.dispatchUrl, max: 3 })
  const booksDb = new pg.Pool({ connectionString: databases.booksUrl, max: 2 })
  for (const pool of [dispatchDb, booksDb]) pool.on('error', () => undefined)
  const started: { stop: () => Promise<void> }[] = []
  const keep = <T extends { stop: () => Promise<void> }>(each: T): T => {
    started.push(each)
    return each
  }

  return {
    rabbitmq,
    party,
    recipient,
    dispatchDb,
    booksDb,
    tokens,
    audit: createAudit({ dispatchDb, booksDb, amqpUrl: rabbitmq.url }),
    startParty: async (options: PartyOptions = {}, more: Partial<PartyConfig> = {}) =>
      keep(await startParty({ ...party, ...more }, options)),
    async startRecipient() {
      const authority = await createForsakringskassan(recipient)
      await authority.start()
      return keep(authority)
    },
    /** A patient’s request, over HTTP, again and again under its key until it is accepted. @returns the dispatch’s id */
    async send(): Promise<string> {
      const { id, patientId } = neighbours.addCertificate()
      const headers = {
        ...(await tokens.patient('dispatch', patientId)),
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      }
      const request = { method: 'POST', headers, body: '{"recipientId":"FKASSA"}' }
      const url = `http://127.0.0.1:${port}/certificates/${id}/dispatches`
      const ask = () =>
        fetch(url, { ...request, signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
      const accepted = await until(
        async () => {
          const answer = await ask()
          if (answer?.status === 202) return answer
          await answer?.body?.cancel()
          return undefined
        },
        { timeout: 120_000, interval: 200 },
      )
      return ((await accepted!.json()) as { id: string }).id
    },
    async sendMany(count: number): Promise<string[]> {
      return Promise.all(Array.from({ length: count }, () => this.send()))
    },
    /** Ends what a test has started. */
    async stopAll() {
      for (const each of started.splice(0).reverse()) await each.stop()
    },
    async remove() {
      await Promise.all([dispatchDb.end(), booksDb.end()])
      await surroundings.stop()
      await databases.drop()
      await rabbitmq.remove()
    },
  }
}
export type FaultWorld = Awaited<ReturnType<typeof createFaultWorld>>
