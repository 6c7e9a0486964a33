export {
  BusUnavailableError,
  EventBusError,
  PublishRejectedError,
  PublishTimeoutError,
  TopologyError,
  UnroutableError,
} from './bus-errors.ts'
export type { EventBusOptions } from './bus-options.ts'
export { decodeEvent, encodeEvent, maximumEventBytes } from './cloud-event.ts'
export { openDeadLetters } from './open-dead-letters.ts'
export type { DeadLetterVerdict, DeadLetters } from './dead-letters.ts'
export { connectEventBus } from './connect.ts'
export { silentLogger } from './event-bus.ts'
export type {
  BusState,
  Consumer,
  Delivery,
  EventBus,
  Logger,
  MessageHandler,
  OutgoingMessage,
  QueueDepth,
  Subscription,
} from './event-bus.ts'
export { idempotentHandler } from './inbox.ts'
export type { HandlerContext, IdempotentHandlerOptions } from './inbox.ts'
export { openEventBus, useEventBus } from './open-event-bus.ts'
export type { BusHost } from './open-event-bus.ts'
export { enqueue, enqueueAll, outboxChannel } from './outbox.ts'
export type { EnqueueOptions, Enqueuing, NewEvent } from './outbox.ts'
export type {
  Completed,
  OutboxRelayOptions,
  RelayBus,
  RelayHooks,
  RelayVerdict,
} from './outbox-options.ts'
export { createOutboxRelay } from './outbox-relay.ts'
export type { OutboxRelay } from './outbox-relay.ts'
export { inTraceOf } from './event-traces.ts'
export { nextAttempt, retryLadder } from './outbox-row.ts'
export type { OutboxEvent } from './outbox-row.ts'
export { rabbitDefinitions } from './rabbitmq/definitions.ts'
export type { RabbitUser } from './rabbitmq/definitions.ts'
export { deadLetterArguments, queueArguments } from './rabbitmq/queue-arguments.ts'
export type { QueueArguments } from './rabbitmq/queue-arguments.ts'
export { removeFinishedEvents } from './remove-finished.ts'
export type { InboxTable, InboxTables, OutboxTable, OutboxTables } from './tables.ts'
export { checkTopology, deadLetterQueue, matchesPattern, queuesFor } from './topology.ts'
export type {
  BindingDefinition,
  ExchangeDefinition,
  QueueDefinition,
  Topology,
} from './topology.ts'
export { createConsumer } from './worker.ts'
export type { Worker } from './worker.ts'
