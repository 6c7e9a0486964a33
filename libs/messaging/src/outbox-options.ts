import type { Kysely, Transaction } from 'kysely'
import type { EventBus, Logger } from './event-bus.ts'
import type { OutboxEvent } from './outbox-row.ts'
import type { OutboxTables } from './tables.ts'

/** What a service may do as its events leave; all of it in the transaction that marks the row. */
export interface RelayHooks<Tables> {
  /** Asked just before an event leaves. A throw counts as a failed attempt. */
  shouldPublish?: (tx: Transaction<Tables>, event: OutboxEvent) => Promise<'publish' | 'cancel'>
  /** Last moment before the broker has it; returned headers are added, as a signature is. */
  beforePublish?: (event: OutboxEvent) => Promise<Record<string, string> | undefined>
  /** The broker has confirmed. When it throws, the event is sent again under the same id. */
  onPublished?: (tx: Transaction<Tables>, event: OutboxEvent) => Promise<void>
  /** All attempts are spent; a person must look. */
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
  /** Events claimed at a time; 50 unless told. */
  batchSize?: number
  /** Milliseconds between looks when no NOTIFY came; 1,000 unless told. */
  pollInterval?: number
}
