import { createBusLifecycle } from '../bus-lifecycle.ts'
import type { EventBusOptions } from '../bus-options.ts'
import { silentLogger } from '../event-bus.ts'
import type { Consumer, EventBus } from '../event-bus.ts'
import { openConnection } from './connection.ts'
import type { AmqpConnection } from './connection.ts'
import { consume } from './consumer.ts'
import { createPublisher } from './publisher.ts'
import { readDepth } from './queue-depth.ts'
import { declareTopology } from './topology.ts'

const userOf = (url: string) => decodeURIComponent(new URL(url).username) || undefined

/** The event bus on RabbitMQ: quorum queues, publisher confirms, `mandatory`. */
export async function connectRabbitMq(options: EventBusOptions): Promise<EventBus> {
  const { url, name, topology, logger = silentLogger, declareTopology: declares = true } = options
  const { confirmDeadline = 10_000, connectDeadline = 15_000 } = options
  const lifecycle = createBusLifecycle()
  const consumers = new Set<Consumer>()

  const open = (role: string, onState: Parameters<typeof openConnection>[0]['onState']) =>
    openConnection({
      url,
      name: `${name} ${role}`,
      setup: async (model) => {
        if (declares) await declareTopology(model, topology)
      },
      onState,
      logger,
      connectDeadline,
    })

  const publishing = await open('publishes', lifecycle.set)
  try {
    await publishing.ready()
  } catch (error) {
    await publishing.close()
    throw error
  }
  const publisher = createPublisher({
    model: publishing.model,
    state: lifecycle.state,
    confirmDeadline,
    userId: userOf(url),
  })
  // RabbitMQ stops reading from a connection that it blocks for publishing; acknowledgements must
  // not be held up with it.
  let consuming: Promise<AmqpConnection> | undefined
  const consumingConnection = async () => {
    consuming ??= open('consumes', (state) => {
      if (state === 'failed') lifecycle.set('failed')
    })
    const connection = await consuming
    await connection.ready()
    return connection
  }

  return {
    publish: publisher.publish,
    state: lifecycle.state,
    onStateChange: lifecycle.onStateChange,
    async subscribe(subscription, handler) {
      const { model } = await consumingConnection()
      const consumer = await consume({ model, subscription, handler, logger })
      consumers.add(consumer)
      return consumer
    },
    depthOf: async (queue) => readDepth(lifecycle.state(), consumingConnection, queue),
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()))
      await publisher.finish()
      lifecycle.set('closed')
      await (await consuming)?.close()
      await publishing.close()
    },
  }
}
