import type { ColumnType, Generated, JSONColumnType } from 'kysely'

type Moment = ColumnType<Date | null, Date | null | undefined, Date | null>

/** Row of `sql/outbox.sql`; a service's `Database` has it as `outbox`. */
export interface OutboxTable {
  id: string
  position: Generated<number>
  type: string
  subject: string | null
  exchange: string
  routing_key: string
  body: Buffer
  headers: JSONColumnType<Record<string, string>>
  traceparent: string | null
  occurred_at: Date
  attempts: Generated<number>
  next_attempt_at: ColumnType<Date, Date | undefined, Date>
  published_at: Moment
  parked_at: Moment
  cancelled_at: Moment
  last_error: string | null
}

/** Row of `sql/inbox.sql`; a service's `Database` has it as `inbox`. */
export interface InboxTable {
  event_id: string
  handler: string
  attempts: Generated<number>
  received_at: Generated<Date>
  handled_at: Moment
  dead_at: Moment
  last_error: string | null
}

/** What the database of a service that publishes must have. */
export interface OutboxTables {
  outbox: OutboxTable
}

/** What the database of a service that consumes must have. */
export interface InboxTables {
  inbox: InboxTable
}
