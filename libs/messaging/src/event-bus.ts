/** What is handed to the bus; `body` is the exact bytes of a CloudEvents 1.0 structured JSON. */
export interface OutgoingMessage {
  exchange: string
  routingKey: string
  /** The event's id; the same id again is the same event. */
  id: string
  body: Buffer
  headers?: Record<string, string>
}

/** What a handler is handed. */
export interface Delivery {
  queue: string
  exchange: string
  routingKey: string
  /** The event's id as its sender gave it to the broker; not checked against the body. */
  id: string | undefined
  body: Buffer
  headers: Record<string, unknown>
  /** A hint: it may have been delivered before. The count that can be trusted is the inbox's. */
  redelivered: boolean
  /** 1 for the first time, as far as the broker can tell. */
  attempt: number
  properties: {
    /** The broker's own word on who published it; undefined where the sender left it out. */
    userId: string | undefined
  }
}

/**
 * Resolves: done. Throws AppError or PoisonMessageError: dead letter at once. Throws anything else:
 * delivered again after a delay, up to the limit.
 */
export type MessageHandler = (delivery: Delivery) => Promise<void>

/** What becomes of a delivery that was tried. */
export type Verdict = 'handled' | 'dead' | 'retry'

/** How a queue is read. */
export interface Subscription {
  queue: string
  /** Messages handled at the same time by this consumer; 5 unless told. 1 keeps their order. */
  concurrency?: number
  /** Failed attempts after which a message is dead; none unless told, as the inbox counts its own. */
  retryLimit?: number
  /** Milliseconds before attempt n + 1; 1 s doubling to 30 s unless told. */
  retryDelay?: (attempt: number) => number
}

/** A running subscription. */
export interface Consumer {
  /** Takes no more messages and waits for the handlers that run. */
  stop: () => Promise<void>
}

/** What lies in a queue, as its broker tells. */
export interface QueueDepth {
  /** Messages that wait for somebody to take them. */
  messages: number
  /** Those who read it; undefined where the broker does not know. */
  consumers: number | undefined
}

/** Only `ready` takes messages; `failed` is final and needs a person. */
export type BusState = 'connecting' | 'ready' | 'blocked' | 'failed' | 'closed'

/** The port between services and whatever carries events: at least once, to every bound queue. */
export interface EventBus {
  /**
   * Resolves once the broker has confirmed that every bound queue has the message.
   * @throws {EventBusError} when it has not, or when nobody knows; publish it again under the same id
   */
  publish: (message: OutgoingMessage) => Promise<void>
  subscribe: (subscription: Subscription, handler: MessageHandler) => Promise<Consumer>
  /**
   * Looks into a queue, without taking anything; for which RabbitMQ wants some permission on it from 4.2.6 on.
   * @throws {Error} where it is not there, or the bus is away
   */
  depthOf: (queue: string) => Promise<QueueDepth>
  state: () => BusState
  /** @returns a function that ends the watching */
  onStateChange: (listener: (state: BusState) => void) => () => void
  /** Stops consuming, lets handlers and confirms finish, then closes. */
  close: () => Promise<void>
}

/** The part of a pino logger that this library uses. */
export interface Logger {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** For callers that have no logger. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
