import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { withdrawnEvent } from './forgotten-event.ts'

/** An event as it leaves: these bytes and no others. */
export interface NumberedEvent {
  body: Buffer
  signature: string
}

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

function createNumbering(db: Kysely<Database>, now: () => Date) {
  return {
    /**
     * Gives an event its number, once; the counter's row lock makes numbers commit in their order
     * and without gaps, so that a feed reader who has seen n never finds an n - 1 later.
     */
    async number(
      eventId: string,
      complete: (sequence: number) => Promise<NumberedEvent>,
    ): Promise<NumberedEvent> {
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('recipient_event')
          .selectAll()
          .where('id', '=', eventId)
          .forNoKeyUpdate()
          .executeTakeFirstOrThrow()
        if (row.body !== null && row.signature !== null) {
          return { body: row.body, signature: row.signature }
        }
        if (row.sequence !== null) throw new Error('An event that is forgotten leaves no more')
        const { last_sequence: sequence } = await tx
          .insertInto('recipient_counter')
          .values({ recipient_id: row.recipient_id, last_sequence: 1 })
          .onConflict((conflict) =>
            conflict
              .column('recipient_id')
              .doUpdateSet({ last_sequence: sql`recipient_counter.last_sequence + 1` }),
          )
          .returning('last_sequence')
          .executeTakeFirstOrThrow()
        const event = await complete(sequence)
        await tx
          .updateTable('recipient_event')
          .set({ sequence, numbered_at: now(), ...event })
          .where('id', '=', eventId)
          .execute()
        return event
      })
    },
  }
}

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
