import type { DeadLetters } from './dead-letters.ts'
import { openPostgresDeadLetters } from './postgres/dead-letters.ts'
import { openRabbitMqDeadLetters } from './rabbitmq/dead-letters.ts'

/** Opens the dead letters of the bus that the URL names. The user must be allowed to read the dead-letter queues. */
export async function openDeadLetters(url: string): Promise<DeadLetters> {
  const { protocol } = new URL(url)
  return protocol.startsWith('amqp') ? openRabbitMqDeadLetters(url) : openPostgresDeadLetters(url)
}
