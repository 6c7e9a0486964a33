import { connect } from 'amqplib'
import type { ConfirmChannel, GetMessage } from 'amqplib'
import { mostDeadLetters } from '../dead-letters.ts'
import type { DeadLetters } from '../dead-letters.ts'
import type { Delivery } from '../event-bus.ts'
import { deadLetterQueue } from '../topology.ts'

interface Death {
  queue?: string
  exchange?: string
  'routing-keys'?: string[]
}

/** The broker's own notes of the death; what comes back begins anew. */
const brokersNotes = /^x-(death|first-death|last-death|delivery-count|acquired-count)/

function asItDied(queue: string, { fields, properties, content }: GetMessage): Delivery {
  const headers = (properties.headers ?? {}) as Record<string, unknown>
  const deaths = (headers['x-death'] ?? []) as Death[]
  const death = deaths.find((each) => each.queue === queue)
  return {
    queue,
    exchange: death?.exchange ?? fields.exchange,
    routingKey: death?.['routing-keys']?.[0] ?? fields.routingKey,
    id: properties.messageId as string | undefined,
    body: content,
    headers,
    redelivered: true,
    attempt: 1,
    properties: { userId: properties.userId as string | undefined },
  }
}

async function putBack(
  channel: ConfirmChannel,
  queue: string,
  { properties, content }: GetMessage,
) {
  const { messageId, contentType } = properties as { messageId?: string; contentType?: string }
  const kept = Object.entries((properties.headers ?? {}) as Record<string, unknown>).filter(
    ([name]) => !brokersNotes.test(name),
  )
  // Straight to its queue: other queues have had it. Who published it is not the one who puts it back.
  channel.publish('', queue, content, {
    mandatory: true,
    persistent: true,
    headers: Object.fromEntries(kept),
    ...(messageId !== undefined && { messageId }),
    ...(contentType !== undefined && { contentType }),
  })
  await channel.waitForConfirms()
}

/** On RabbitMQ: letters are held without acknowledgement while they are looked at, and the kept ones come back to their places. */
export async function openRabbitMqDeadLetters(url: string): Promise<DeadLetters> {
  const model = await connect(url, { timeout: 5_000 })
  model.on('error', () => undefined)
  return {
    async goThrough(queue, decide) {
      const channel = await model.createConfirmChannel()
      const fate = { returned: false }
      channel.on('error', () => undefined)
      channel.on('return', () => {
        fate.returned = true
      })
      let left = 0
      try {
        for (let seen = 0; seen < mostDeadLetters; seen += 1) {
          const letter = await channel.get(deadLetterQueue(queue))
          if (letter === false) break
          const verdict = await decide(asItDied(queue, letter)).catch(() => 'keep' as const)
          if (verdict === 'keep') continue
          if (verdict === 'put-back') await putBack(channel, queue, letter)
          if (fate.returned) throw new Error(`There is no queue ${queue} to put it back into`)
          channel.ack(letter)
          left += 1
        }
        await channel.waitForConfirms()
      } finally {
        await channel.close().catch(() => undefined)
      }
      return left
    },
    close: () => model.close(),
  }
}
