import type { Channel, ChannelModel } from 'amqplib'
import { TopologyError } from '../bus-errors.ts'
import { deadLetterQueue } from '../topology.ts'
import type { QueueDefinition, Topology } from '../topology.ts'

const defaultMaxLength = 1_000_000
const defaultDeliveryLimit = 200
// A dead letter must survive those who look at it: 4.x drops after 20 returns unless told, and 3.10
// knows no «unlimited».
const deadDeliveryLimit = 1_000_000

/** Arguments of a queue as RabbitMQ 3.10 and 4.x both take them; defaults differ between the two. */
export function queueArguments(queue: QueueDefinition): Record<string, string | number> {
  return {
    'x-queue-type': 'quorum',
    'x-delivery-limit': queue.deliveryLimit ?? defaultDeliveryLimit,
    'x-max-length': queue.maxLength ?? defaultMaxLength,
    'x-overflow': 'reject-publish',
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': deadLetterQueue(queue.name),
    'x-dead-letter-strategy': 'at-least-once',
  }
}

/** Arguments of a dead-letter queue. */
export const deadLetterArguments = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': deadDeliveryLimit,
  'x-overflow': 'reject-publish',
}

/** Replies that no reconnecting will mend: 403 refused, 404 not found, 406 precondition failed. */
const finalCodes = new Set([403, 404, 406, 530])

const isFinal = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && finalCodes.has(Number(error.code))

/**
 * Declares all of a topology; what stands already must be the same.
 * @throws {TopologyError} where the broker has it otherwise or does not allow it
 */
export async function declareTopology(model: ChannelModel, topology: Topology): Promise<void> {
  const channel: Channel = await model.createChannel()
  // The reply says the same; without a listener it would end the process.
  channel.on('error', () => undefined)
  try {
    for (const { name } of topology.exchanges) {
      await channel.assertExchange(name, 'topic', { durable: true })
    }
    for (const queue of topology.queues) {
      await channel.assertQueue(deadLetterQueue(queue.name), {
        durable: true,
        arguments: deadLetterArguments,
      })
      await channel.assertQueue(queue.name, { durable: true, arguments: queueArguments(queue) })
    }
    for (const { queue, exchange, pattern } of topology.bindings) {
      await channel.bindQueue(queue, exchange, pattern)
    }
    await channel.close()
  } catch (error) {
    if (!isFinal(error)) throw error
    throw new TopologyError(`The broker refuses the topology: ${error.message}`, { cause: error })
  }
}
