import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'

const batch = 500

/** What nobody waits for, and nothing has happened to since. */
const due = (before: Date) => sql<{ id: string }>`
  select id from dispatch d
  where requested_at < ${before} and state not in ('queued', 'parked')
    and not exists (select from timeline_entry where dispatch_id = d.id and at >= ${before})
    and not exists (select from receipt where dispatch_id = d.id and received_at >= ${before})
    and not exists (select from recipient_event where dispatch_id = d.id)
  limit ${batch} for update skip locked`

/** Removes dispatches, with their timelines and receipts, that ended before then. @returns how many */
export async function removeOldDispatches(db: Kysely<Database>, before: Date): Promise<number> {
  let removed = 0
  for (;;) {
    const found = await db.transaction().execute(async (tx) => {
      const ids = (await due(before).execute(tx)).rows.map(({ id }) => id)
      if (ids.length === 0) return 0
      await tx.deleteFrom('receipt').where('dispatch_id', 'in', ids).execute()
      await tx.deleteFrom('timeline_entry').where('dispatch_id', 'in', ids).execute()
      await tx.deleteFrom('dispatch').where('id', 'in', ids).execute()
      return ids.length
    })
    removed += found
    if (found < batch) return removed
  }
}
