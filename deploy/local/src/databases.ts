import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ensureServiceRole, migrate } from '@minaintyg/db'
import { PostgresError, startPostgres } from '@minaintyg/embedded-postgres'
import type { PostgresServer } from '@minaintyg/embedded-postgres'
import type { Logger } from 'pino'

const services = join(import.meta.dirname, '../../../services')

/** One for each service that has one, one for the event bus where that is Postgres, and the books of Försäkringskassan. */
export const databaseNames = {
  identity: 'identity',
  consent: 'consent',
  certificateStore: 'certificate_store',
  dispatch: 'dispatch',
  eventBus: 'events',
  forsakringskassan: 'forsakringskassan',
} as const
export type DatabaseOwner = keyof typeof databaseNames

const migrated: [DatabaseOwner, string][] = [
  ['identity', 'identity'],
  ['consent', 'consent'],
  ['certificateStore', 'certificate-store'],
  ['dispatch', 'dispatch'],
]

export interface Databases {
  /** As the service logs in; the owner of the tables is known to the migrations alone. */
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

const roleOf = (owner: DatabaseOwner) => `${databaseNames[owner]}_service`

/** A database and who may connect to it. The queue library of the event bus brings tables of its own along, and so does an authority. */
async function ensureDatabase(
  postgres: Pick<PostgresServer, 'url' | 'createDatabase'>,
  owner: DatabaseOwner,
  password: string,
): Promise<void> {
  const database = databaseNames[owner]
  await postgres.createDatabase(database)
  await ensureServiceRole(postgres.url('postgres'), {
    role: roleOf(owner),
    password,
    database,
    mayCreateSchemas: !migrated.some(([each]) => each === owner),
  })
}

/** Starts Postgres and brings every database to the present schema. */
export async function startDatabases(stateDir: string, logger: Logger): Promise<Databases> {
  return prepareDatabases(await start(join(stateDir, 'postgres'), logger))
}

type Postgres = Pick<PostgresServer, 'url' | 'createDatabase' | 'stop'>

/** The same on a Postgres that runs already, and is stopped with the databases. */
export async function prepareDatabases(postgres: Postgres): Promise<Databases> {
  const ownerUrl = (owner: DatabaseOwner) => postgres.url(databaseNames[owner])
  // New at each start: nobody else has to know it.
  const password = randomBytes(24).toString('base64url')
  try {
    for (const owner of Object.keys(databaseNames) as DatabaseOwner[]) {
      await ensureDatabase(postgres, owner, password)
    }
    // All of them, also after one has failed: Postgres must not be stopped under the others.
    const outcomes = await Promise.allSettled(
      migrated.map(([owner, folder]) =>
        migrate(ownerUrl(owner), join(services, folder, 'migrations'), {
          serviceRole: roleOf(owner),
        }),
      ),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  } catch (error) {
    await postgres.stop()
    throw error
  }
  const url = (owner: DatabaseOwner) => {
    const asService = new URL(ownerUrl(owner))
    asService.username = roleOf(owner)
    asService.password = password
    return asService.toString()
  }
  return { url, stop: () => postgres.stop() }
}
