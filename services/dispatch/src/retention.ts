import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { removeFinishedEvents } from '@minaintyg/messaging'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { Database } from './database.ts'
import { removeOldDispatches } from './dispatches/old-dispatches.ts'
import { removeOldFeedEvents } from './events/old-feed-events.ts'

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Server['log'], 'error' | 'info'>
}

const hour = 60 * 60_000
const day = 24 * hour
const keptDays = { idempotencyKeys: 30, feed: 90 }
/** As long as the access log and the consent that it was sent under. */
const dispatchYears = 5

/** Deletes what is due. How long the audit is kept is the database's to know, and by its clock. */
export function createRetention({ db, now, log }: Deps) {
  const daysAgo = (days: number) => new Date(now().getTime() - days * day)
  const yearsAgo = (years: number) => {
    const at = now()
    at.setUTCFullYear(at.getUTCFullYear() - years)
    return at
  }

  async function run(): Promise<void> {
    await removeFinishedEvents(db, now())
    await db
      .deleteFrom('idempotency_key')
      .where('created_at', '<', daysAgo(keptDays.idempotencyKeys))
      .execute()
    await removeOldFeedEvents(db, daysAgo(keptDays.feed))
    const dispatches = await removeOldDispatches(db, yearsAgo(dispatchYears))
    await sql`select delete_old_audit_events()`.execute(db)
    if (dispatches > 0) log.info({ dispatches }, 'dispatches were due and are deleted')
  }
  return createPeriodicWorker({ name: 'retention', interval: hour, run, log })
}
