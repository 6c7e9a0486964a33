import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { migrate } from '@minaintyg/db'
import { PostgresError, startPostgres } from '@minaintyg/embedded-postgres'
import type { PostgresServer } from '@minaintyg/embedded-postgres'
import type { Logger } from 'pino'

const services = join(import.meta.dirname, '../../../services')

/** One database for each service that has one, and one for the event bus where that is Postgres. */
export const databaseNames = {
  identity: 'identity',
  consent: 'consent',
  certificateStore: 'certificate_store',
  dispatch: 'dispatch',
  eventBus: 'event_bus',
} as const
export type DatabaseOwner = keyof typeof databaseNames

const migrated: [DatabaseOwner, string][] = [
  ['identity', 'identity'],
  ['consent', 'consent'],
  ['certificateStore', 'certificate-store'],
  ['dispatch', 'dispatch'],
]

export interface Databases {
  url(owner: DatabaseOwner): string
  stop(): Promise<void>
}

// A copy that was killed a moment ago may still be letting go.
const patience = 3_000

async function start(
  dataDir: string,
  logger: Logger,
  deadline = Date.now() + patience,
): Promise<PostgresServer> {
  try {
    return await startPostgres({ dataDir, logger })
  } catch (error) {
    if (!(error instanceof PostgresError) || error.code !== 'in-use') throw error
    if (Date.now() < deadline) {
      await pause(200)
      return start(dataDir, logger, deadline)
    }
    throw new Error(
      `Another copy is running: ${error.message}. End it, or give this one a place and ports of its own: MINAINTYG_STATE_DIR=.demo-2 MINAINTYG_PORT_BASE=9080`,
      { cause: error },
    )
  }
}

/** Starts Postgres and brings every database to the present schema. */
export async function startDatabases(stateDir: string, logger: Logger): Promise<Databases> {
  const postgres = await start(join(stateDir, 'postgres'), logger)
  const url = (owner: DatabaseOwner) => postgres.url(databaseNames[owner])
  try {
    for (const name of Object.values(databaseNames)) await postgres.createDatabase(name)
    await Promise.all(
      migrated.map(([owner, folder]) => migrate(url(owner), join(services, folder, 'migrations'))),
    )
  } catch (error) {
    await postgres.stop()
    throw error
  }
  return { url, stop: () => postgres.stop() }
}
