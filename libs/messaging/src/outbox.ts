import { randomUUID } from 'node:crypto'
import type { CloudEvent, EventData, EventDefinition } from '@minaintyg/contracts'
import { activeTraceparent } from '@minaintyg/telemetry'
import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import { encodeEvent } from './cloud-event.ts'
import type { OutboxTables } from './tables.ts'

/** The channel that wakes a relay. */
export const outboxChannel = 'outbox'

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

/**
 * Puts an event into the outbox with the caller's own changes: both commit, or neither.
 * @returns the event's id
 * @throws {Error} where the data breaks the event's contract or the event is larger than 8 kB
 */
export async function enqueue<Tables extends OutboxTables, D extends EventDefinition>(
  tx: Transaction<Tables>,
  definition: D,
  data: EventData<D>,
  options: EnqueueOptions,
): Promise<string> {
  const { id = randomUUID(), time = new Date(), routingKey = definition.type } = options
  const { traceparent = activeTraceparent() } = options
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    type: definition.type,
    source: options.source,
    time: time.toISOString(),
    ...(options.subject !== undefined && { subject: options.subject }),
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data,
  }
  const outbox = tx as unknown as Transaction<OutboxTables>
  await outbox
    .insertInto('outbox')
    .values({
      id,
      type: definition.type,
      subject: options.subject ?? null,
      exchange: options.exchange,
      routing_key: routingKey,
      body: encodeEvent(definition, event),
      headers: JSON.stringify(options.headers ?? {}),
      traceparent: traceparent ?? null,
      occurred_at: time,
      last_error: null,
    })
    .execute()
  await sql`select pg_notify(${outboxChannel}, '')`.execute(outbox)
  return id
}
