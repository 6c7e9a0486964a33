import type { Kysely } from 'kysely'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from './database.ts'
import { createPeriodicWorker } from './periodic-worker.ts'

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
/** Five years and the leap days in them; the table itself refuses to lose anything younger. */
const auditRetention = (5 * 365 + 2) * day

/** Removes what has expired. */
export function createCleanUp({ db, now, log }: Deps): CleanUp {
  async function run(): Promise<void> {
    const at = now()
    for (const table of ['log_in', 'download_grant', 'used_token'] as const) {
      await db.deleteFrom(table).where('expires_at', '<', at).execute()
    }
    const before = new Date(at.getTime() - sessionGrace)
    await db.deleteFrom('session').where('expires_at', '<', before).execute()
    const forgotten = new Date(at.getTime() - auditRetention)
    await db.deleteFrom('audit_event').where('at', '<', forgotten).execute()
  }

  return createPeriodicWorker({ name: 'clean-up', interval: 10 * 60_000, run, log })
}
