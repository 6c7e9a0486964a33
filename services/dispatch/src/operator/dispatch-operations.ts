import { DispatchRequestedV1 } from '@minaintyg/contracts'
import { isUniqueViolation } from '@minaintyg/db'
import { outboxChannel } from '@minaintyg/messaging'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { inTransaction } from '../database.ts'
import type { Database, Tx } from '../database.ts'
import { transition } from '../dispatches/dispatch-model.ts'
import type { DispatchRepository } from '../dispatches/dispatch-repository.ts'
import type { EndDispatch } from '../dispatches/end-dispatch.ts'
import { recordAct } from './operator-audit.ts'

/** Something that waits for the bus, or for a person. */
export interface Waiting {
  /** Of the dispatch, or of another event that is parked. */
  id: string
  what: 'dispatch' | 'event'
  state: 'queued' | 'parked'
  recipient_id: string | null
  since: Date
  attempts: number
  reason: string | null
  type: string
}

export type Outcome = 'done' | 'not-found' | 'not-parked' | 'not-cancellable' | 'sent-anew'

const overdueAfter = 5 * 60_000
const mostListed = 1_000

const requests = DispatchRequestedV1.type

/** Locked before its dispatch, as the relay does it. */
const lockRequest = (tx: Tx, dispatchId: string) =>
  tx
    .selectFrom('outbox')
    .select('id')
    .where('subject', '=', dispatchId)
    .where('type', '=', requests)
    .where('published_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

async function unpark(tx: Tx, id: string, at: Date): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ parked_at: null, attempts: 0, next_attempt_at: at, last_error: null })
    .where('id', '=', id)
    .execute()
  await sql`select pg_notify(${outboxChannel}, '')`.execute(tx)
}

const listing = (before: Date, recipientId: string | null) => sql<Waiting>`
  select d.id, 'dispatch' as what, d.state, d.recipient_id, d.requested_at as since,
    coalesce(o.attempts, 0) as attempts, o.last_error as reason, ${requests} as type
  from dispatch d
    left join outbox o on o.subject = d.id::text and o.type = ${requests} and o.published_at is null
  where (d.state = 'parked' or (d.state = 'queued' and d.requested_at < ${before}))
    and (${recipientId}::text is null or d.recipient_id = ${recipientId})
  union all
  select o.id, 'event', 'parked', e.recipient_id, o.occurred_at, o.attempts, o.last_error, o.type
  from outbox o left join recipient_event e on e.id = o.id
  where o.parked_at is not null and o.type <> ${requests}
    and (${recipientId}::text is null or e.recipient_id = ${recipientId})
  order by since limit ${mostListed}`

interface Deps {
  db: Kysely<Database>
  dispatches: DispatchRepository
  endDispatch: EndDispatch
  operator: string
  now: () => Date
}

async function replayDispatch(
  tx: Tx,
  id: string,
  { dispatches, operator, now }: Deps,
): Promise<Outcome> {
  const at = now()
  const request = await lockRequest(tx, id)
  const dispatch = await dispatches.lock(tx, id)
  if (dispatch === undefined || request === undefined) return 'not-found'
  const state = transition(dispatch.state, 'replay')
  if (state === undefined) return 'not-parked'
  await dispatches.change(tx, id, { state })
  await dispatches.addToTimeline(tx, id, { state, at })
  await unpark(tx, request.id, at)
  const { recipientId } = dispatch
  await recordAct(tx, { event: 'dispatch-replayed', operator, resourceId: id, recipientId, at })
  return 'done'
}

async function replayEvent(tx: Tx, id: string, { operator, now }: Deps): Promise<Outcome> {
  const row = await tx
    .selectFrom('outbox')
    .select('parked_at')
    .where('id', '=', id)
    .where('type', '<>', requests)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return 'not-found'
  if (row.parked_at === null) return 'not-parked'
  const at = now()
  await unpark(tx, id, at)
  await recordAct(tx, { event: 'event-replayed', operator, resourceId: id, at })
  return 'done'
}

async function cancelDispatch(tx: Tx, id: string, deps: Deps): Promise<Outcome> {
  const { dispatches, endDispatch, operator, now } = deps
  await lockRequest(tx, id)
  const dispatch = await dispatches.lock(tx, id)
  if (dispatch === undefined) return 'not-found'
  const mayBeCancelled = transition(dispatch.state, 'cancel') !== undefined
  if (!mayBeCancelled || dispatch.fetchedAt !== null) return 'not-cancellable'
  const at = now()
  await endDispatch(tx, dispatch, { reason: 'cancelled', at })
  const { recipientId } = dispatch
  await recordAct(tx, { event: 'dispatch-cancelled', operator, resourceId: id, recipientId, at })
  return 'done'
}

/** What an operator can do about what has not left. Each act is on record with it, or is not done. */
export function createDispatchOperations(deps: Deps) {
  const { db, now } = deps
  return {
    async list(recipientId?: string): Promise<Waiting[]> {
      const before = new Date(now().getTime() - overdueAfter)
      return (await listing(before, recipientId ?? null).execute(db)).rows
    },

    /** Puts a parked one back: consent is asked again as it leaves, and it has its time anew. */
    async replay(id: string): Promise<Outcome> {
      try {
        return await inTransaction(db, (tx) => replayDispatch(tx, id, deps))
      } catch (error) {
        if (isUniqueViolation(error, 'dispatch_live')) return 'sent-anew'
        throw error
      }
    },

    /** The same of an event that is no request, as a revocation or an inner one. */
    replayEvent: (id: string) => inTransaction(db, (tx) => replayEvent(tx, id, deps)),

    /** Ends one that has not left; the patient can send the certificate again. */
    cancel: (id: string) => inTransaction(db, (tx) => cancelDispatch(tx, id, deps)),
  }
}
export type DispatchOperations = ReturnType<typeof createDispatchOperations>
