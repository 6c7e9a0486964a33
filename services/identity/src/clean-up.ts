import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from './database.ts'

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Server['log'], 'error'>
}

export interface CleanUp extends Worker {
  run(): Promise<void>
}

const day = 24 * 60 * 60_000
/** Sessions are kept a day longer, so that log-out at the provider can still be asked for. */
const sessionGrace = day

/** Removes what has expired. */
export function createCleanUp({ db, now, log }: Deps): CleanUp {
  async function run(): Promise<void> {
    const at = now()
    for (const table of ['log_in', 'download_grant', 'used_token'] as const) {
      await db.deleteFrom(table).where('expires_at', '<', at).execute()
    }
    const before = new Date(at.getTime() - sessionGrace)
    await db.deleteFrom('session').where('expires_at', '<', before).execute()
    await sql`select delete_old_audit_events()`.execute(db)
  }

  return createPeriodicWorker({ name: 'clean-up', interval: 10 * 60_000, run, log })
}
