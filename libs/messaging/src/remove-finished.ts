import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { InboxTables, OutboxTables } from './tables.ts'

const batch = 1_000
/** Milliseconds; longer than any broker keeps a message. */
const kept = 30 * 24 * 60 * 60_000

type Finished =
  | { table: 'outbox'; column: 'published_at' | 'cancelled_at' }
  | { table: 'inbox'; column: 'handled_at' }

/** Batches are short transactions of their own: they hold nobody up, and a crash loses nothing. */
async function removeInBatches(
  db: Kysely<OutboxTables & InboxTables>,
  { table, column }: Finished,
  before: Date,
): Promise<number> {
  let removed = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any (array(
        select ctid from ${sql.table(table)} where ${sql.ref(column)} < ${before}
        limit ${batch} for update skip locked))`.execute(db)
    removed += Number(numAffectedRows)
    if (numAffectedRows < BigInt(batch)) return removed
  }
}

/**
 * Removes events that left, were cancelled or were handled more than 30 days ago. What is parked or dead stays: a person
 * must look. An event that is delivered again after its inbox row is gone has its effect again, hence so long.
 * @returns how many rows are gone
 */
export async function removeFinishedEvents<Tables extends OutboxTables & InboxTables>(
  db: Kysely<Tables>,
  now: Date,
): Promise<{ outbox: number; inbox: number }> {
  const before = new Date(now.getTime() - kept)
  const own = db as unknown as Kysely<OutboxTables & InboxTables>
  const published = await removeInBatches(own, { table: 'outbox', column: 'published_at' }, before)
  const cancelled = await removeInBatches(own, { table: 'outbox', column: 'cancelled_at' }, before)
  const inbox = await removeInBatches(own, { table: 'inbox', column: 'handled_at' }, before)
  return { outbox: published + cancelled, inbox }
}
