import { randomBytes } from 'node:crypto'
import { createTopology } from '@minaintyg/contracts'
import { connectEventBus, deadLetterQueue } from '@minaintyg/messaging'
import type { EventBus, Topology } from '@minaintyg/messaging'
import { createTestDatabase, rabbitmqUrl } from '@minaintyg/testing'
import { connect } from 'amqplib'

/** A real bus of a test's own. Its users see the usual names, whatever they are at the broker. */
export interface TestBus {
  url: string
  connect: (name: string) => Promise<EventBus>
  /** How many lie in a queue. */
  deadLettersOf: (queue: string) => Promise<string[]>
  drop: () => Promise<void>
}

const recipients = ['FKASSA', 'TRANSP', 'AF']

/** A RabbitMQ may be anybody's: names get a prefix there. */
function withPrefix(prefix: string, { exchanges, queues, bindings }: Topology): Topology {
  return {
    exchanges: exchanges.map((each) => ({ ...each, name: prefix + each.name })),
    queues: queues.map((each) => ({ ...each, name: prefix + each.name })),
    bindings: bindings.map((each) => ({
      ...each,
      queue: prefix + each.queue,
      exchange: prefix + each.exchange,
    })),
  }
}
const prefixed = (prefix: string, bus: EventBus): EventBus => ({
  ...bus,
  publish: (message) => bus.publish({ ...message, exchange: prefix + message.exchange }),
  subscribe: (subscription, handler) =>
    bus.subscribe({ ...subscription, queue: prefix + subscription.queue }, handler),
  depthOf: (queue) => bus.depthOf(prefix + queue),
})

export async function createTestBus(kind: 'postgres' | 'rabbitmq'): Promise<TestBus> {
  const database = kind === 'postgres' ? await createTestDatabase() : undefined
  const prefix = kind === 'postgres' ? '' : `test-${randomBytes(6).toString('hex')}.`
  const url = database?.url ?? rabbitmqUrl()!
  const topology = withPrefix(prefix, createTopology(recipients))
  const open: EventBus[] = []
  const connectBus = async (name: string) => {
    const bus = prefixed(prefix, await connectEventBus({ url, name, topology }))
    open.push(bus)
    return bus
  }

  async function deleteAll() {
    const model = await connect(url)
    const channel = await model.createChannel()
    for (const { name } of topology.queues) {
      await channel.deleteQueue(name)
      await channel.deleteQueue(deadLetterQueue(name))
    }
    for (const { name } of topology.exchanges) await channel.deleteExchange(name)
    await model.close()
  }

  return {
    url,
    connect: connectBus,
    async deadLettersOf(queue) {
      const bus = await connectBus('dead letters')
      const ids: string[] = []
      await bus.subscribe({ queue: deadLetterQueue(queue) }, async ({ id }) => {
        ids.push(String(id))
      })
      return ids
    },
    async drop() {
      await Promise.all(open.map((bus) => bus.close()))
      await (database?.drop() ?? deleteAll())
    },
  }
}
