import { randomBytes } from 'node:crypto'
import { createTopology } from '@minaintyg/contracts'
import { connectEventBus, deadLetterQueue } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { connect } from 'amqplib'

/** Everything is in its outbox and nothing leaves. */
export const closedBus: EventBus = {
  publish: async () => undefined,
  subscribe: async () => ({ stop: async () => undefined }),
  depthOf: async () => ({ messages: 0, consumers: undefined }),
  state: () => 'connecting',
  onStateChange: () => () => undefined,
  close: async () => undefined,
}

/** Names of the benchmark's own begin so: a RabbitMQ may be anybody's. */
export const newPrefix = () => `bench-${randomBytes(6).toString('hex')}.`

/** Where a benchmark's queues are. */
export interface BenchQueues {
  url: string
  prefix: string
}

/** The whole topology of dispatch, under names of the benchmark's own. */
export async function openBenchBus({ url, prefix }: BenchQueues) {
  const plain = createTopology(['FKASSA', 'TRANSP', 'AF'])
  const named = <T extends { name: string }>(each: T) => ({ ...each, name: prefix + each.name })
  const topology = {
    exchanges: plain.exchanges.map(named),
    queues: plain.queues.map(named),
    bindings: plain.bindings.map(({ queue, exchange, pattern }) => ({
      queue: prefix + queue,
      exchange: prefix + exchange,
      pattern,
    })),
  }
  const connected = await connectEventBus({ url, name: 'bench', topology })
  const model = await connect(url)
  const channel = await model.createChannel()
  const bus: EventBus = {
    ...connected,
    publish: (message) => connected.publish({ ...message, exchange: prefix + message.exchange }),
    subscribe: (subscription, handler) =>
      connected.subscribe({ ...subscription, queue: prefix + subscription.queue }, handler),
    depthOf: (queue) => connected.depthOf(prefix + queue),
  }
  return {
    bus,
    /** Messages that were in a queue, and are not any more. */
    empty: async (queue: string) => (await channel.purgeQueue(prefix + queue)).messageCount,
    async close() {
      await connected.close()
      await model.close()
    },
    /** With all its queues; whoever else uses them must be gone. */
    async drop() {
      await connected.close()
      for (const { name } of topology.queues) {
        await channel.deleteQueue(name)
        await channel.deleteQueue(deadLetterQueue(name))
      }
      for (const { name } of topology.exchanges) await channel.deleteExchange(name)
      await model.close()
    },
  }
}
