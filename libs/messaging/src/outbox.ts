import { randomUUID } from 'node:crypto'
import type { CloudEvent, EventData, EventDefinition } from '@minaintyg/contracts'
import { activeTraceparent } from '@minaintyg/telemetry'
import { sql } from 'kysely'
import type { QueryCreator } from 'kysely'
import { encodeEvent } from './cloud-event.ts'
import type { OutboxTables } from './tables.ts'

/** The channel that wakes a relay. */
export const outboxChannel = 'outbox'

/** A transaction, or other changes of it (Kysely's `with`), which then share one statement. A database alone is not enough. */
export type Enqueuing<Tables> = QueryCreator<Tables> & { isTransaction?: true }

/** Where an event goes and what its envelope says. */
export interface EnqueueOptions {
  exchange: string
  /** The event's type unless told. */
  routingKey?: string
  /** The service that says it: `/minaintyg/<service>`. */
  source: string
  /** What it is about. Events of one subject leave in the order in which they were enqueued. */
  subject?: string
  /** The event's id; a new one unless told. */
  id?: string
  headers?: Record<string, string>
  /** What it belongs to; the trace that runs unless told. */
  traceparent?: string
  /** The event's time; now unless told. */
  time?: Date
}

/** An event's data and where it goes. */
export interface NewEvent<D extends EventDefinition> extends EnqueueOptions {
  data: EventData<D>
}

function toRow<D extends EventDefinition>(definition: D, given: NewEvent<D>) {
  const { id = randomUUID(), time = new Date(), routingKey = definition.type } = given
  const { traceparent = activeTraceparent(), subject, data } = given
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    type: definition.type,
    source: given.source,
    time: time.toISOString(),
    ...(subject !== undefined && { subject }),
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data,
  }
  return {
    id,
    type: definition.type,
    subject: subject ?? null,
    exchange: given.exchange,
    routing_key: routingKey,
    body: encodeEvent(definition, event),
    headers: JSON.stringify(given.headers ?? {}),
    traceparent: traceparent ?? null,
    occurred_at: time,
    last_error: null,
  }
}

/**
 * Puts events of one kind into the outbox with the caller's own changes: all commit, or none.
 * @returns the events' ids, in their order
 * @throws {Error} where some data breaks the event's contract or an event is larger than 8 kB
 */
export async function enqueueAll<Tables extends OutboxTables, D extends EventDefinition>(
  tx: Enqueuing<Tables>,
  definition: D,
  events: readonly NewEvent<D>[],
): Promise<string[]> {
  if (events.length === 0) return []
  const rows = events.map((event) => toRow(definition, event))
  const outbox = tx as unknown as QueryCreator<OutboxTables>
  // At once: somebody waits for the transaction.
  await outbox
    .with('added', (query) => query.insertInto('outbox').values(rows))
    .selectNoFrom(sql`pg_notify(${outboxChannel}, '')`.as('notified'))
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * Puts an event into the outbox with the caller's own changes: both commit, or neither.
 * @returns the event's id
 * @throws {Error} where the data breaks the event's contract or the event is larger than 8 kB
 */
export async function enqueue<Tables extends OutboxTables, D extends EventDefinition>(
  tx: Enqueuing<Tables>,
  definition: D,
  data: EventData<D>,
  options: EnqueueOptions,
): Promise<string> {
  const [id = ''] = await enqueueAll(tx, definition, [{ ...options, data }])
  return id
}
