import { UnroutableError } from './bus-errors.ts'
import type { EventBusOptions } from './bus-options.ts'
import type { EventBus } from './event-bus.ts'
import { connectPgBoss } from './postgres/pg-boss-bus.ts'
import { connectRabbitMq } from './rabbitmq/rabbitmq-bus.ts'
import { checkTopology, mayGoUnheard } from './topology.ts'

/**
 * Gets on the bus that the URL names and declares the topology there.
 * @throws {TopologyError} where it contradicts what stands; {@link BusUnavailableError} without answer
 */
export async function connectEventBus(options: EventBusOptions): Promise<EventBus> {
  const { topology } = options
  checkTopology(topology)
  const bus = await connectAdapter(options)
  return {
    ...bus,
    async publish(message) {
      try {
        await bus.publish(message)
      } catch (error) {
        const { exchange, routingKey } = message
        const unheard = error instanceof UnroutableError
        if (!unheard || !mayGoUnheard(topology, exchange, routingKey)) throw error
      }
    },
  }
}

async function connectAdapter(options: EventBusOptions): Promise<EventBus> {
  const { protocol } = new URL(options.url)
  if (protocol === 'amqp:' || protocol === 'amqps:') return connectRabbitMq(options)
  if (protocol === 'postgres:' || protocol === 'postgresql:') return connectPgBoss(options)
  throw new Error(`No event bus speaks ${protocol}`)
}
