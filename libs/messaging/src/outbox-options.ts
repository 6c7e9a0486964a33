import type { Kysely, Transaction } from 'kysely'
import type { EventBus, Logger } from './event-bus.ts'
import type { OutboxEvent } from './outbox-row.ts'
import type { OutboxTables } from './tables.ts'

/** Whether an event leaves; an error counts as a failed attempt of that event alone. */
export type RelayVerdict = 'publish' | 'cancel' | { error: unknown }

/** What leaves in place of what was stored. */
export interface Completed {
  body?: Buffer
  /** Added to those of the event, as a signature is. */
  headers?: Record<string, string>
}

/**
 * What a service may do as its events leave. Hooks are given all of a batch, so that they may ask and write once for all. One
 * that throws is called anew for each event alone: what is wrong with one holds up no other.
 */
export interface RelayHooks<Tables> {
  /** Asked just before events leave, in the transaction that marks them. @returns verdicts by id; without one an event leaves */
  shouldPublish?: (
    tx: Transaction<Tables>,
    events: readonly OutboxEvent[],
  ) => Promise<ReadonlyMap<string, RelayVerdict>>
  /** Last moment before the broker has them. @returns by id what is to leave in their place; a throw is a failed attempt */
  beforePublish?: (events: readonly OutboxEvent[]) => Promise<ReadonlyMap<string, Completed>>
  /** The broker has confirmed them; commits with their marks. When it throws, the event is sent again under the same id. */
  onPublished?: (tx: Transaction<Tables>, events: readonly OutboxEvent[]) => Promise<void>
  /** All attempts are spent; a person must look. Commits with the mark. */
  onParked?: (tx: Transaction<Tables>, event: OutboxEvent) => Promise<void>
}

/** The part of the bus that a relay needs. */
export type RelayBus = Pick<EventBus, 'publish'> &
  Partial<Pick<EventBus, 'state' | 'onStateChange'>>

export interface OutboxRelayOptions<Tables extends OutboxTables> extends RelayHooks<Tables> {
  db: Kysely<Tables>
  /** The same database; the relay listens there on a connection of its own. */
  url: string
  bus: RelayBus
  logger?: Logger
  now?: () => Date
  /** Events claimed at a time; 200 unless told. */
  batchSize?: number
  /** Milliseconds between looks when no NOTIFY came; 1,000 unless told. */
  pollInterval?: number
}
