import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { prepareBinaries } from './binaries.ts'
import { ensureCluster, userName } from './cluster.ts'
import { clearOwner, stopLeftover, writeOwner } from './leftover.ts'
import { silent } from './logger.ts'
import type { Logger } from './logger.ts'
import { choosePlace } from './place.ts'
import type { Place } from './place-model.ts'
import { PostgresError } from './postgres-error.ts'
import { runServer } from './server-process.ts'
import type { ServerProcess } from './server-process.ts'

export interface PostgresOptions {
  /** Made where it is missing; everything of the server lies in it. */
  dataDir: string
  /** 0 takes a free one. */
  port?: number
  /** False trades safety at power loss for speed: for tests. */
  durable?: boolean
  logger?: Logger
}

export interface PostgresServer {
  readonly port: number
  /** Connection URL of a database, password included. */
  url(database: string): string
  /** Makes a database where it is missing. */
  createDatabase(name: string): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const sqlState = (error: unknown) => (error as { code?: unknown }).code

async function untilItAnswers(server: ServerProcess, url: string): Promise<void> {
  const deadline = Date.now() + 60_000
  // Not before its own word: until then it may be another's server that listens on the port.
  while (!server.isReady()) {
    if (server.hasExited()) throw server.failure()
    if (Date.now() > deadline) {
      throw new PostgresError(
        'start-failed',
        `${server.failure().message}\nIt is not ready in time.`,
      )
    }
    await pause(20)
  }
  try {
    await query(url, 'select 1')
  } catch (cause) {
    if (server.hasExited()) throw server.failure()
    throw new PostgresError('start-failed', `Postgres is up, but: ${String(cause)}`, { cause })
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  try {
    await query(url, `create database ${pg.escapeIdentifier(name)}`)
  } catch (error) {
    const duplicate = ['42P04', '23505'].includes(String(sqlState(error)))
    if (!duplicate) throw error
  }
}

/**
 * Starts a real Postgres of npm's binaries on 127.0.0.1, and waits until it answers.
 * It ends with {@link PostgresServer.stop}, and by itself when this process ends, however that happens.
 * @throws {PostgresError} that says why, in the server's own words
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { port: wanted = 0, durable = true, logger = silent } = options
  const place = await choosePlace(options.dataDir, logger)
  await stopLeftover(place, logger)
  await writeOwner(place)
  try {
    return await startOn(place, wanted, durable, logger)
  } catch (error) {
    await clearOwner(place)
    throw error
  }
}

async function startOn(
  place: Place,
  wanted: number,
  durable: boolean,
  logger: Logger,
): Promise<PostgresServer> {
  const binaries = await prepareBinaries(place, logger)
  const password = await ensureCluster(place, binaries)
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted === 0 ? await freePort() : wanted
    const url = (database: string) =>
      `postgres://${userName}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
    const server = runServer({ place, binaries, port, durable, logger })
    try {
      await untilItAnswers(server, url('postgres'))
    } catch (error) {
      await server.stop()
      // A free port may be taken before we are there, and a killed server's children may linger.
      if (attempt < 10 && server.mayTryAgain(wanted === 0)) {
        await pause(250)
        continue
      }
      throw error
    }
    logger.info({ port }, 'Postgres is up')
    return {
      port,
      url,
      createDatabase: (name) => ensureDatabase(url('postgres'), name),
      async stop() {
        await server.stop()
        await clearOwner(place)
      },
    }
  }
}
