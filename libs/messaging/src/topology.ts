/** A topic exchange. */
export interface ExchangeDefinition {
  name: string
  /** Routing keys, as patterns, that need no queue; without one any other message is an error. */
  unheard?: readonly string[]
}

/** A durable queue; each has a dead-letter queue beside it, see {@link deadLetterQueue}. */
export interface QueueDefinition {
  name: string
  /** Messages after which publishers are refused. */
  maxLength?: number
  /**
   * The broker's own bound on deliveries, for messages that end the consumer's process before the
   * inbox can count. RabbitMQ before 4.3 counts every return, so it must be far above any retry limit.
   */
  deliveryLimit?: number
}

/** `pattern` is a topic pattern: `*` stands for one word, `#` for any number. */
export interface BindingDefinition {
  queue: string
  exchange: string
  pattern: string
}

/** All that publishers and consumers must agree on, as one value. */
export interface Topology {
  exchanges: readonly ExchangeDefinition[]
  queues: readonly QueueDefinition[]
  bindings: readonly BindingDefinition[]
}

/** Where a queue's dead messages wait for someone to look. */
export const deadLetterQueue = (queue: string) => `${queue}.dead`

/** Whether a topic pattern takes a routing key, as AMQP 0-9-1 (section 3.1.3.3) says. */
export function matchesPattern(pattern: string, routingKey: string): boolean {
  const matches = (words: string[], key: string[]): boolean => {
    const [word, ...restOfWords] = words
    if (word === undefined) return key.length === 0
    if (word === '#')
      return matches(restOfWords, key) || (key.length > 0 && matches(words, key.slice(1)))
    return key.length > 0 && (word === '*' || word === key[0]) && matches(restOfWords, key.slice(1))
  }
  return matches(pattern.split('.'), routingKey.split('.'))
}

/** Names of the queues that get a message, each once. */
export function queuesFor(topology: Topology, exchange: string, routingKey: string): string[] {
  const bound = topology.bindings.filter(
    (binding) => binding.exchange === exchange && matchesPattern(binding.pattern, routingKey),
  )
  return [...new Set(bound.map((binding) => binding.queue))]
}

/** Whether the topology says that a message needs no queue. */
export function mayGoUnheard(topology: Topology, exchange: string, routingKey: string): boolean {
  const unheard = topology.exchanges.find(({ name }) => name === exchange)?.unheard ?? []
  return unheard.some((pattern) => matchesPattern(pattern, routingKey))
}

/** Refuses a topology that refers to what it does not declare. @throws {Error} naming the fault */
export function checkTopology(topology: Topology): void {
  const queues = new Set(topology.queues.map((queue) => queue.name))
  const exchanges = new Set(topology.exchanges.map((exchange) => exchange.name))
  for (const { queue, exchange } of topology.bindings) {
    if (!queues.has(queue)) throw new Error(`A binding names the undeclared queue ${queue}`)
    if (!exchanges.has(exchange))
      throw new Error(`A binding names the undeclared exchange ${exchange}`)
  }
}
