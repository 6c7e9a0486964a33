import type { Channel, ConsumeMessage, RecoveringChannelModel } from 'amqplib'
import { withDefaults } from '../bus-lifecycle.ts'
import type {
  Consumer,
  Delivery,
  Logger,
  MessageHandler,
  Subscription,
  Verdict,
} from '../event-bus.ts'
import { judge } from '../handling.ts'

const reopenPause = 1_000

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function toDelivery(queue: string, { fields, properties, content }: ConsumeMessage): Delivery {
  const headers = properties.headers ?? {}
  // Quorum queues count from 0 and leave the header out the first time.
  const returned = Number(headers['x-delivery-count'] ?? 0)
  return {
    queue,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    id: text(properties.messageId),
    body: content,
    headers,
    redelivered: fields.redelivered,
    attempt: returned + 1,
    properties: { userId: text(properties.userId) },
  }
}

/** Where RabbitMQ has the message acknowledged, rejected to the dead-letter queue or put back. */
function answer(channel: Channel, message: ConsumeMessage, verdict: Verdict | 'released') {
  if (verdict === 'handled') channel.ack(message)
  else if (verdict === 'dead') channel.reject(message, false)
  // From 4.3 on `reject` counts as a failed delivery and `nack` does not.
  else if (verdict === 'retry') channel.reject(message, true)
  else channel.nack(message, false, true)
}

/** Reads a queue on a channel of its own, and opens a new one whenever that is lost. */
export async function consume(options: {
  model: RecoveringChannelModel
  subscription: Subscription
  handler: MessageHandler
  logger: Logger
}): Promise<Consumer> {
  const { model, handler, logger } = options
  const subscription = withDefaults(options.subscription)
  const { queue, concurrency } = subscription
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let current: { channel: Channel; tag: string } | undefined
  let timer: NodeJS.Timeout | undefined

  const handle = async (channel: Channel, message: ConsumeMessage) => {
    const delivery = toDelivery(queue, message)
    const context = { subscription, handler, logger, stopping: stopping.signal }
    const verdict = stopping.signal.aborted ? 'released' : await judge(delivery, context)
    try {
      answer(channel, message, verdict)
    } catch (err) {
      // The channel is gone and the broker has put the message back: it comes again.
      logger.warn({ err, queue, id: delivery.id }, 'a handled message could not be acknowledged')
    }
  }

  const reopen = () => {
    current = undefined
    if (stopping.signal.aborted || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      void open().catch((err: unknown) => {
        logger.error({ err, queue }, 'a queue cannot be read; trying again')
        reopen()
      })
    }, reopenPause)
  }

  const open = async () => {
    const channel = await model.createChannel()
    if (stopping.signal.aborted) {
      await channel.close()
      return
    }
    channel.on('error', (err: Error) => {
      logger.warn({ err, queue }, 'the channel of a consumer failed')
    })
    channel.on('close', () => {
      if (current?.channel === channel) reopen()
    })
    await channel.prefetch(concurrency)
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message === null) {
        // The queue was deleted or its leader went away; closing the channel leads to a new one.
        void channel.close().catch(() => undefined)
        return
      }
      const work = handle(channel, message).finally(() => running.delete(work))
      running.add(work)
    })
    current = { channel, tag: consumerTag }
  }

  await open()
  return {
    async stop() {
      const open = current
      current = undefined
      clearTimeout(timer)
      await open?.channel.cancel(open.tag).catch(() => undefined)
      stopping.abort()
      await Promise.allSettled(running)
      await open?.channel.close().catch(() => undefined)
    },
  }
}
