import type { Kysely } from 'kysely'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { tellWithdrawn } from '../consents/consent-events.ts'
import type { Database } from '../database.ts'
import type { ErasureRepository } from './erasure-repository.ts'

interface Deps {
  db: Kysely<Database>
  erasures: ErasureRepository
  now: () => Date
  log: Pick<Server['log'], 'error'>
}

const minute = 60_000
const patience = 60 * minute
/** Few enough to leave the outbox in seconds; the rest come five minutes later. */
const batch = 500

/**
 * Asks anew for what a withdrawal set off and nobody has confirmed within the hour, and says so: the event may have
 * ended among the dead letters.
 */
export function createErasureWatch({ db, erasures, now, log }: Deps) {
  async function run(): Promise<void> {
    const at = now()
    const overdue = await db.transaction().execute(async (tx) => {
      const before = new Date(at.getTime() - patience)
      const taken = await erasures.takeOverdue(tx, { before, at, limit: batch })
      for (const erasure of taken) await tellWithdrawn(tx, erasure)
      return taken
    })
    if (overdue.length === 0) return
    const withdrawalIds = overdue.slice(0, 10).map(({ withdrawalId }) => withdrawalId)
    log.error({ overdue: overdue.length, withdrawalIds }, 'erasures are not finished; asked anew')
  }
  return createPeriodicWorker({ name: 'erasure-watch', interval: 5 * minute, run, log })
}
