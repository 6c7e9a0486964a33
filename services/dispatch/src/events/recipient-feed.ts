import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { withdrawnEvent } from './forgotten-event.ts'
import { createNumbering } from './number-events.ts'

const oldestKept = sql<string | null>`(
  select min(sequence) from recipient_event e where e.recipient_id = counter.recipient_id
)`.as('oldest')

interface FeedRow {
  id: string
  sequence: number | null
  body: Buffer | null
  dispatch_id: string
  forgotten_at: Date | null
}

const eventOf = (row: FeedRow, recipientId: string, sequence: number): Buffer =>
  row.body ??
  withdrawnEvent({
    id: row.id,
    sequence,
    dispatchId: row.dispatch_id,
    recipientId,
    at: row.forgotten_at ?? new Date(0),
  })

export function createRecipientFeed(db: Kysely<Database>, now: () => Date) {
  return {
    ...createNumbering(db, now),

    async list(recipientId: string, after: number, limit: number) {
      const rows = await db
        .selectFrom('recipient_event')
        .innerJoin('dispatch', 'dispatch.id', 'recipient_event.dispatch_id')
        .select([
          'recipient_event.id',
          'sequence',
          'body',
          'signature',
          'recipient_event.dispatch_id',
          'forgotten_at',
        ])
        .where('recipient_event.recipient_id', '=', recipientId)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute()
      return rows.map((row) => {
        const sequence = Number(row.sequence)
        const event = JSON.parse(String(eventOf(row, recipientId, sequence))) as unknown
        return { id: row.id, sequence, event, signature: row.signature }
      })
    },

    /** The last number whose event is kept no more; all after it are there. */
    async completeAfter(recipientId: string): Promise<number> {
      const counter = await db
        .selectFrom('recipient_counter as counter')
        .select(['last_sequence', oldestKept])
        .where('recipient_id', '=', recipientId)
        .executeTakeFirst()
      if (counter === undefined) return 0
      const { oldest, last_sequence: last } = counter
      return oldest === null ? last : Number(oldest) - 1
    },
  }
}
export type RecipientFeed = ReturnType<typeof createRecipientFeed>
