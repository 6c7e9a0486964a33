import { deadLetterQueue } from '../topology.ts'
import type { QueueDefinition } from '../topology.ts'

export type QueueArguments = Readonly<Record<string, string | number | boolean>>

const defaultMaxLength = 1_000_000
const defaultDeliveryLimit = 200
// A dead letter must survive those who look at it: 4.x drops after 20 returns unless told, and 3.10
// knows no «unlimited».
const deadDeliveryLimit = 1_000_000
const replicas = 3

const common = {
  'x-queue-type': 'quorum',
  // The broker takes as many as there are nodes.
  'x-quorum-initial-group-size': replicas,
  'x-single-active-consumer': false,
  // At-least-once dead-lettering needs it, and a publisher must learn that a queue is full.
  'x-overflow': 'reject-publish',
} as const

/** Arguments of a queue as RabbitMQ 3.10 and 4.x both take them; defaults differ between the two. */
export function queueArguments(queue: QueueDefinition): QueueArguments {
  return {
    ...common,
    'x-delivery-limit': queue.deliveryLimit ?? defaultDeliveryLimit,
    'x-max-length': queue.maxLength ?? defaultMaxLength,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': deadLetterQueue(queue.name),
    'x-dead-letter-strategy': 'at-least-once',
  }
}

/** Arguments of a dead-letter queue. When it is full, dead letters wait in the queue that they come from. */
export const deadLetterArguments: QueueArguments = {
  ...common,
  'x-delivery-limit': deadDeliveryLimit,
  'x-max-length': defaultMaxLength,
}
