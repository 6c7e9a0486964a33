import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'

/** An event as it leaves: these bytes and no others. */
export interface NumberedEvent {
  body: Buffer
  signature: string
}

interface Numbered<E> extends NumberedEvent {
  event: E
  sequence: number
}

const lockEvents = async (tx: Tx, ids: readonly string[]) =>
  tx
    .selectFrom('recipient_event')
    .select(['id', 'recipient_id', 'sequence', 'body', 'signature'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()

/** Takes so many numbers of each recipient. @returns the last of each */
async function takeNumbers(tx: Tx, counts: ReadonlyMap<string, number>) {
  // In one order, so that two relays wait for each other and no more.
  const recipients = [...counts.keys()].sort()
  const rows = await tx
    .insertInto('recipient_counter')
    .columns(['recipient_id', 'last_sequence'])
    .expression(
      sql`select * from unnest(
        ${recipients}::text[], ${recipients.map((id) => counts.get(id))}::bigint[])`,
    )
    .onConflict((conflict) =>
      conflict.column('recipient_id').doUpdateSet({
        last_sequence: sql`recipient_counter.last_sequence + excluded.last_sequence`,
      }),
    )
    .returning(['recipient_id', 'last_sequence'])
    .execute()
  return new Map(rows.map((row) => [row.recipient_id, row.last_sequence]))
}

async function store(tx: Tx, numbered: readonly Numbered<{ id: string }>[], at: Date) {
  await sql`
    update recipient_event e
    set sequence = n.sequence, numbered_at = ${at}, body = n.body, signature = n.signature
    from unnest(
      ${numbered.map(({ event }) => event.id)}::uuid[],
      ${numbered.map(({ sequence }) => sequence)}::bigint[],
      ${numbered.map(({ body }) => body)}::bytea[],
      ${numbered.map(({ signature }) => signature)}::text[]
    ) as n (id, sequence, body, signature)
    where e.id = n.id`.execute(tx)
}

/** What has its bytes already, and what has no number yet, by recipient and in the order of leaving. */
async function sortOut<E extends { id: string }>(tx: Tx, events: readonly E[]) {
  const found = await lockEvents(
    tx,
    events.map(({ id }) => id),
  )
  const rows = new Map(found.map((row) => [row.id, row]))
  const ready = new Map<string, NumberedEvent>()
  const fresh = new Map<string, E[]>()
  for (const event of events) {
    const row = rows.get(event.id)
    if (row === undefined) throw new Error('An event that is in no feed')
    const { body, signature, sequence, recipient_id: recipient } = row
    if (body !== null && signature !== null) ready.set(event.id, { body, signature })
    else if (sequence !== null) throw new Error('An event that is forgotten leaves no more')
    else fresh.set(recipient, [...(fresh.get(recipient) ?? []), event])
  }
  return { ready, fresh }
}

export function createNumbering(db: Kysely<Database>, now: () => Date) {
  return {
    /**
     * Gives events their numbers, once and in their order; the counter's row lock makes numbers commit in their order and
     * without gaps, so that a feed reader who has seen n never finds an n - 1 later.
     * @returns each as it leaves, by its id
     */
    async number<E extends { id: string }>(
      events: readonly E[],
      complete: (event: E, sequence: number) => Promise<NumberedEvent>,
    ): Promise<Map<string, NumberedEvent>> {
      if (events.length === 0) return new Map()
      return db.transaction().execute(async (tx) => {
        const { ready, fresh } = await sortOut(tx, events)
        if (fresh.size === 0) return ready
        const counts = new Map([...fresh].map(([recipient, { length }]) => [recipient, length]))
        const last = await takeNumbers(tx, counts)
        const numbered = await Promise.all(
          [...fresh].flatMap(([recipient, own]) =>
            own.map(async (event, index) => {
              const sequence = (last.get(recipient) ?? 0) - own.length + 1 + index
              return { event, sequence, ...(await complete(event, sequence)) }
            }),
          ),
        )
        await store(tx, numbered, now())
        for (const { event, body, signature } of numbered) ready.set(event.id, { body, signature })
        return ready
      })
    },
  }
}
