import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import type { ConfirmChannel } from 'amqplib'
import { connectEventBus, deadLetterQueue } from '../src/index.ts'
import type { EventBus } from '../src/index.ts'

export const type = 'thing.made.v1'

/** As long as an event to a recipient is. */
const filling = 'x'.repeat(450)

/** An event as the outbox has it. */
export function newEvent(): { id: string; body: string } {
  const id = randomUUID()
  const event = {
    specversion: '1.0',
    id,
    type,
    source: '/minaintyg/bench',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { thingId: id, filling },
  }
  return { id, body: JSON.stringify(event) }
}

/** Publishes as safely as the relay does: routable, persistent, confirmed. */
export type Publish = (id: string, body: Buffer) => Promise<void>

/** A quorum queue of the benchmark's own, the bus as services have it, and a bare channel to the same. */
export async function openBroker(url: string) {
  const run = `bench.${randomBytes(6).toString('hex')}`
  const [exchange, queue] = [`${run}.events`, `${run}.queue`]
  const topology = {
    exchanges: [{ name: exchange }],
    queues: [{ name: queue }],
    bindings: [{ queue, exchange, pattern: '#' }],
  }
  const bus: EventBus = await connectEventBus({ url, name: 'bench', topology })
  const model = await connect(url)
  const channel: ConfirmChannel = await model.createConfirmChannel()
  const returned = new Set<string>()
  channel.on('return', ({ properties }: { properties: { messageId?: string } }) => {
    returned.add(String(properties.messageId))
  })

  const publish: Publish = (id, body) =>
    new Promise((resolve, reject) => {
      const options = { mandatory: true, persistent: true, messageId: id }
      channel.publish(exchange, type, body, options, (error: Error | null) => {
        if (error !== null) reject(error)
        else if (returned.has(id)) reject(new Error('No queue is bound'))
        else resolve()
      })
    })

  return {
    bus,
    exchange,
    publish,
    /** Between rounds, so that a queue is as long for the one as for the other. @returns how many it held */
    empty: async () => (await channel.purgeQueue(queue)).messageCount,
    async close() {
      await bus.close()
      await channel.deleteQueue(queue)
      await channel.deleteQueue(deadLetterQueue(queue))
      await channel.deleteExchange(exchange)
      await model.close()
    },
  }
}
export type Broker = Awaited<ReturnType<typeof openBroker>>
