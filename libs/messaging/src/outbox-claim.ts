import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { OutboxEvent } from './outbox-row.ts'
import type { OutboxTables } from './tables.ts'

interface ClaimedRow {
  id: string
  type: string
  subject: string | null
  exchange: string
  routing_key: string
  body: Buffer
  headers: Record<string, string>
  traceparent: string | null
  attempts: number
}

/**
 * Locks what is due, oldest first, at most one event of each subject, and nothing that another relay
 * holds. An event waits while an earlier one of its subject is pending, wherever that one is held.
 */
export async function claim(
  tx: Transaction<OutboxTables>,
  now: Date,
  limit: number,
): Promise<OutboxEvent[]> {
  const { rows } = await sql<ClaimedRow>`
    select id, type, subject, exchange, routing_key, body, headers, traceparent, attempts
    from outbox as due
    where published_at is null and parked_at is null and cancelled_at is null
      and next_attempt_at <= ${now}
      and not exists (
        select 1 from outbox as earlier
        where earlier.subject = due.subject and earlier.position < due.position
          and earlier.published_at is null and earlier.parked_at is null
          and earlier.cancelled_at is null
      )
    order by position
    limit ${limit}
    for update of due skip locked`.execute(tx)
  return rows.map(({ routing_key, ...row }) => ({ ...row, routingKey: routing_key }))
}

/** Undoes what `run` did to the transaction when it throws, and leaves the rest of it usable. */
export async function isolated<T>(
  tx: Transaction<OutboxTables>,
  run: () => Promise<T>,
): Promise<T> {
  await sql`savepoint one_event`.execute(tx)
  try {
    const result = await run()
    await sql`release savepoint one_event`.execute(tx)
    return result
  } catch (error) {
    await sql`rollback to savepoint one_event`.execute(tx)
    throw error
  }
}
