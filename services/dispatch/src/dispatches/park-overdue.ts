import { DispatchRequestedV1 } from '@minaintyg/contracts'
import { retryLadder } from '@minaintyg/messaging'
import type { RelayBus } from '@minaintyg/messaging'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'
import { transition } from './dispatch-model.ts'
import type { DispatchRepository } from './dispatch-repository.ts'

interface Deps {
  db: Kysely<Database>
  dispatches: DispatchRepository
  bus: Pick<RelayBus, 'state'>
  now: () => Date
  log: Pick<Server['log'], 'error'>
}

const interval = 60_000
const batch = 100
/** As long as the relay's own attempts take before it gives up: 75 h. */
const patience = retryLadder.reduce((sum, delay) => sum + delay, 0)
const busAway = 'bus.unavailable: The event bus was away'

interface Overdue {
  id: string
  dispatch_id: string
  attempts: number
  reason: string
}

/**
 * What has waited its time since it was sent, or replayed, and has no attempt before it at this moment: of a dispatch
 * that is due the relay makes one at once, if the bus is there.
 */
const overdue = (before: Date, at: Date, isAway: boolean) => sql<Overdue>`
  select o.id, d.id as dispatch_id, o.attempts, coalesce(o.last_error, ${busAway}) as reason
  from outbox o join dispatch d on d.id::text = o.subject
  where o.type = ${DispatchRequestedV1.type} and d.state = 'queued'
    and o.published_at is null and o.parked_at is null and o.cancelled_at is null
    and o.occurred_at <= ${before}
    and (${isAway} or (o.attempts > 0 and o.next_attempt_at > ${at}))
    and (select max(at) from timeline_entry where dispatch_id = d.id and state = 'queued') <= ${before}
  order by o.position limit ${batch} for update of o skip locked`

/**
 * Parks by time what the relay would park by attempts. While the bus is away none is made and none is counted, so that
 * a short outage costs a dispatch nothing; of a long one the patient must be told all the same.
 */
export function createOverdueParking({ db, dispatches, bus, now, log }: Deps) {
  async function park(tx: Tx, { id, dispatch_id, attempts, reason }: Overdue): Promise<void> {
    const dispatch = await dispatches.lock(tx, dispatch_id)
    const state = dispatch && transition(dispatch.state, 'park')
    if (state === undefined) return
    const at = now()
    await tx
      .updateTable('outbox')
      .set({ parked_at: at, last_error: reason })
      .where('id', '=', id)
      .execute()
    await dispatches.change(tx, dispatch_id, { state })
    await dispatches.addToTimeline(tx, dispatch_id, { state, at })
    log.error(
      { id, type: DispatchRequestedV1.type, attempts, reason },
      'an event is parked: it could not be published in its time',
    )
  }

  async function run(): Promise<void> {
    for (;;) {
      const found = await db.transaction().execute(async (tx) => {
        const at = now()
        const isAway = (bus.state?.() ?? 'ready') !== 'ready'
        const before = new Date(at.getTime() - patience)
        const { rows } = await overdue(before, at, isAway).execute(tx)
        for (const row of rows) await park(tx, row)
        return rows.length
      })
      if (found < batch) return
    }
  }
  return createPeriodicWorker({ name: 'overdue-parking', interval, run, log })
}
