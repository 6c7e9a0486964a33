/** A message is not known to have been taken; `code` says why. */
export class EventBusError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EventBusError'
    this.code = code
  }
}

/** No queue is bound for the message: the topology or the routing key is wrong. */
export class UnroutableError extends EventBusError {
  constructor(exchange: string, routingKey: string) {
    super('bus.unroutable', `No queue is bound to ${exchange} for ${routingKey}`)
    this.name = 'UnroutableError'
  }
}

/** The broker has said nothing in time; it may or may not have the message. */
export class PublishTimeoutError extends EventBusError {
  constructor(milliseconds: number) {
    super('bus.publish-timeout', `The broker did not confirm within ${milliseconds} ms`)
    this.name = 'PublishTimeoutError'
  }
}

/** The broker has refused the message, as a full queue does. */
export class PublishRejectedError extends EventBusError {
  constructor(options?: ErrorOptions) {
    super('bus.publish-rejected', 'The broker refused the message', options)
    this.name = 'PublishRejectedError'
  }
}

/** There is no connection, or it was lost before the confirm. */
export class BusUnavailableError extends EventBusError {
  constructor(reason: string, options?: ErrorOptions) {
    super('bus.unavailable', `The event bus is not available: ${reason}`, options)
    this.name = 'BusUnavailableError'
  }
}

/** What stands at the broker contradicts the declared topology; waiting will not mend it. */
export class TopologyError extends EventBusError {
  constructor(message: string, options?: ErrorOptions) {
    super('bus.topology', message, options)
    this.name = 'TopologyError'
  }
}
