import type { Channel, ChannelModel } from 'amqplib'
import { TopologyError } from '../bus-errors.ts'
import { deadLetterQueue } from '../topology.ts'
import type { Topology } from '../topology.ts'
import { deadLetterArguments, queueArguments } from './queue-arguments.ts'

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
