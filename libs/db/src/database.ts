import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { isTracing } from '@minaintyg/telemetry'
import { measurePool } from './measured-pool.ts'
import { createPreparingClient } from './preparing-client.ts'
import { traceQuery } from './query-spans.ts'

// int8 arrives as a string by default; every count and sequence here stays far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export interface DatabaseOptions {
  url: string
  /** Upper bound of connections. */
  poolSize?: number
  /** Upper bound of those who wait for one; who comes then is refused at once. */
  mostWaiting?: number
  /** Milliseconds after which the server ends a statement. */
  statementTimeout?: number
  /** Milliseconds after which the server ends the wait for a lock (55P03); as long as a statement may last unless told. */
  lockTimeout?: number
  /** Told of connections that broke while idle; the pool replaces them. */
  onIdleError?: (error: Error) => void
}

/** A Kysely instance on a bounded pool whose statements and waits have deadlines. */
export function createDatabase<Tables>({
  url,
  poolSize = 10,
  mostWaiting = 1_000,
  statementTimeout = 5_000,
  lockTimeout,
  onIdleError = () => undefined,
}: DatabaseOptions): Kysely<Tables> {
  const pool = new pg.Pool({
    connectionString: url,
    Client: createPreparingClient(),
    max: poolSize,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeout,
    ...(lockTimeout !== undefined && { lock_timeout: lockTimeout }),
    idle_in_transaction_session_timeout: 30_000,
  })
  // Without a listener, a restart of Postgres would end the process.
  pool.on('error', onIdleError)
  // The pool takes its listener off a client that is in use; what it was used for fails by itself.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: measurePool(pool, url, mostWaiting) }),
    ...(isTracing() && { log: traceQuery }),
  })
}

/** Whether the database answers. */
export async function ping<Tables>(db: Kysely<Tables>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db)
    return true
  } catch {
    return false
  }
}

/** Whether an error is Postgres' 23505, perhaps of one named constraint. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '23505' &&
    (constraint === undefined || error.constraint === constraint)
  )
}
