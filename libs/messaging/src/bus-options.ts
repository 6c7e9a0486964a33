import type { Logger } from './event-bus.ts'
import type { Topology } from './topology.ts'

/** How a process gets on the bus. */
export interface EventBusOptions {
  /** `amqp://` or `amqps://` is RabbitMQ, `postgres://` is pg-boss in a database of the bus's own. */
  url: string
  /** Who connects; the broker shows it. */
  name: string
  topology: Topology
  logger?: Logger
  /** False for a client that may configure nothing: what it needs stands already. */
  declareTopology?: boolean
  /** Milliseconds that {@link EventBus.publish} waits for the broker's confirm; 10,000 unless told. */
  confirmDeadline?: number
  /** Milliseconds to get the first connection; 15,000 unless told. */
  connectDeadline?: number
  /** Postgres only: the schema of the queues, `pgboss` unless told. */
  schema?: string
}
