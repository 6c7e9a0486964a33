import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'

/** Whether the relay still has to send it: parked ones wait for a person. */
const isWaiting = sql`exists (
  select from outbox o where o.id = e.id and o.published_at is null and o.cancelled_at is null
)`

/**
 * Removes what recipients were told before then, from the beginning of each feed on, so that what is left has no gap;
 * and what never got a number.
 */
export async function removeOldFeedEvents(db: Kysely<Database>, before: Date): Promise<void> {
  const counters = await db.selectFrom('recipient_counter').select('recipient_id').execute()
  for (const { recipient_id: recipientId } of counters) {
    await sql`
      delete from recipient_event where recipient_id = ${recipientId} and sequence < (
        select coalesce(
          (select sequence from recipient_event e
           where e.recipient_id = ${recipientId} and sequence is not null
             and (numbered_at >= ${before} or ${isWaiting})
           order by sequence limit 1),
          (select last_sequence + 1 from recipient_counter where recipient_id = ${recipientId})
        )
      )`.execute(db)
  }
  await sql`
    delete from recipient_event e
    where sequence is null and created_at < ${before} and not ${isWaiting}`.execute(db)
}
