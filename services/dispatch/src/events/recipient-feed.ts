import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'

/** An event as it leaves: these bytes and no others. */
export interface NumberedEvent {
  body: Buffer
  signature: string
}

export function createRecipientFeed(db: Kysely<Database>) {
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
          .set({ sequence, ...event })
          .where('id', '=', eventId)
          .execute()
        return event
      })
    },

    async list(recipientId: string, after: number, limit: number) {
      const rows = await db
        .selectFrom('recipient_event')
        .select(['sequence', 'body'])
        .where('recipient_id', '=', recipientId)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute()
      return rows.map(({ sequence, body }) => ({
        sequence: Number(sequence),
        event: JSON.parse(String(body)) as unknown,
      }))
    },
  }
}
export type RecipientFeed = ReturnType<typeof createRecipientFeed>
