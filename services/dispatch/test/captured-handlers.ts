import { randomUUID } from 'node:crypto'
import { innerQueue } from '@minaintyg/contracts'
import type { EventBus, MessageHandler } from '@minaintyg/messaging'

/** A bus whose subscriptions a test feeds itself. */
export function capturingBus(bus: EventBus) {
  const handlers = new Map<string, MessageHandler>()
  const handlerOf = (queue: string): MessageHandler => {
    const handler = handlers.get(queue)
    if (handler === undefined) throw new Error(`Nobody reads ${queue}`)
    return handler
  }
  return {
    bus: {
      ...bus,
      subscribe: async ({ queue }: { queue: string }, handler: MessageHandler) => {
        handlers.set(queue, handler)
        return { stop: async () => undefined }
      },
    } satisfies EventBus,
    handlerOf,
    /** An inner event, as dispatch hears it. */
    hear: async (type: string, data: object, id: string = randomUUID()): Promise<void> => {
      const event = {
        specversion: '1.0',
        id,
        type,
        source: '/minaintyg/test',
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        data,
      }
      const queue = innerQueue('dispatch', type)
      await handlerOf(queue)({
        queue,
        exchange: 'minaintyg.events',
        routingKey: type,
        id,
        body: Buffer.from(JSON.stringify(event)),
        headers: {},
        redelivered: false,
        attempt: 1,
        properties: { userId: undefined },
      })
    },
  }
}
