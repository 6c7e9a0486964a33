import { BusUnavailableError } from '../bus-errors.ts'
import type { BusState, QueueDepth } from '../event-bus.ts'
import type { AmqpConnection } from './connection.ts'

/** By the connection that consumes: a blocked broker leaves the other one unanswered. */
export async function readDepth(
  state: BusState,
  consumingConnection: () => Promise<AmqpConnection>,
  queue: string,
): Promise<QueueDepth> {
  // One that is away would be waited for.
  if (state !== 'ready' && state !== 'blocked') throw new BusUnavailableError(state)
  const { model } = await consumingConnection()
  // A queue that is not there closes its channel.
  const channel = await model.createChannel()
  // The reply says the same; without a listener it would end the process.
  channel.on('error', () => undefined)
  const { messageCount, consumerCount } = await channel.checkQueue(queue)
  await channel.close()
  return { messages: messageCount, consumers: consumerCount }
}
