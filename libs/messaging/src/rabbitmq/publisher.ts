import type { ConfirmChannel, Message, RecoveringChannelModel } from 'amqplib'
import {
  BusUnavailableError,
  PublishRejectedError,
  PublishTimeoutError,
  UnroutableError,
} from '../bus-errors.ts'
import { withDeadline } from '../bus-lifecycle.ts'
import type { BusState, OutgoingMessage } from '../event-bus.ts'

/** Messages that may await their confirm at the same time. */
const mostUnconfirmed = 1_000

const keyOf = (exchange: string, routingKey: string, id: string) =>
  [exchange, routingKey, id].join('\0')

/** Publishes mandatory and persistent on one confirm channel, which is opened anew when it is lost. */
export function createPublisher(options: {
  model: RecoveringChannelModel
  state: () => BusState
  confirmDeadline: number
}) {
  const { model, state, confirmDeadline } = options
  const unconfirmed = new Set<Promise<void>>()
  const returned = new Map<string, number>()
  let opening: Promise<ConfirmChannel> | undefined

  const open = async (): Promise<ConfirmChannel> => {
    const channel = await model.createConfirmChannel()
    // The confirm callbacks of all that was under way say so too.
    channel.on('error', () => undefined)
    channel.on('close', () => {
      opening = undefined
    })
    channel.on('return', ({ fields, properties }: Message) => {
      const key = keyOf(fields.exchange, fields.routingKey, String(properties.messageId))
      returned.set(key, (returned.get(key) ?? 0) + 1)
    })
    return channel
  }

  const currentChannel = () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }

  /** RabbitMQ sends `basic.return` before the confirm of the same message. */
  const wasReturned = (key: string) => {
    const times = returned.get(key)
    if (times === undefined) return false
    if (times === 1) returned.delete(key)
    else returned.set(key, times - 1)
    return true
  }

  const send = async (message: OutgoingMessage): Promise<void> => {
    const { exchange, routingKey, id, body, headers = {} } = message
    const channel = await currentChannel().catch((cause: unknown) => {
      throw new BusUnavailableError('no channel', { cause })
    })
    await new Promise<void>((resolve, reject) => {
      const onConfirm = (error: Error | null) => {
        const unroutable = wasReturned(keyOf(exchange, routingKey, id))
        if (error === null && unroutable) reject(new UnroutableError(exchange, routingKey))
        else if (error === null) resolve()
        else if (error.message === 'message nacked') reject(new PublishRejectedError())
        else reject(new BusUnavailableError('the channel was lost', { cause: error }))
      }
      try {
        channel.publish(
          exchange,
          routingKey,
          body,
          {
            mandatory: true,
            persistent: true,
            messageId: id,
            contentType: 'application/cloudevents+json',
            headers,
          },
          onConfirm,
        )
      } catch (cause) {
        reject(new BusUnavailableError('the channel is closed', { cause }))
      }
    })
  }

  return {
    publish: async (message: OutgoingMessage): Promise<void> => {
      if (state() !== 'ready') throw new BusUnavailableError(state())
      if (unconfirmed.size >= mostUnconfirmed) throw new BusUnavailableError('too much under way')
      const confirmed = withDeadline(
        send(message),
        confirmDeadline,
        () => new PublishTimeoutError(confirmDeadline),
      )
      unconfirmed.add(confirmed)
      try {
        await confirmed
      } finally {
        unconfirmed.delete(confirmed)
      }
    },
    /** Waits until nothing awaits its confirm. */
    async finish() {
      await Promise.allSettled(unconfirmed)
    },
  }
}
