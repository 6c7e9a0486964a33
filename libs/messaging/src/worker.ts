import type { Consumer, EventBus, MessageHandler, Subscription } from './event-bus.ts'

/** Something that works beside the routes of a service. */
export interface Worker {
  readonly name: string
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** A consumer that starts and stops with its service. */
export function createConsumer(options: {
  name: string
  bus: EventBus
  subscription: Subscription
  handler: MessageHandler
}): Worker {
  let consumer: Consumer | undefined
  return {
    name: options.name,
    async start() {
      consumer ??= await options.bus.subscribe(options.subscription, options.handler)
    },
    async stop() {
      await consumer?.stop()
      consumer = undefined
    },
  }
}
