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

/** Messages that came back; RabbitMQ sends `basic.return` before the confirm of the same message. */
function createReturns() {
  const times = new Map<string, number>()
  const keyOf = (...parts: string[]) => parts.join('\0')
  return {
    add: ({ fields, properties }: Message) => {
      const key = keyOf(fields.exchange, fields.routingKey, String(properties.messageId))
      times.set(key, (times.get(key) ?? 0) + 1)
    },
    /** Whether this message came back; asked once for each. */
    take: ({ exchange, routingKey, id }: OutgoingMessage): boolean => {
      const key = keyOf(exchange, routingKey, id)
      const count = times.get(key) ?? 0
      if (count > 1) times.set(key, count - 1)
      else times.delete(key)
      return count > 0
    },
  }
}

type Returns = ReturnType<typeof createReturns>

/** Why the broker closed a channel: it says so of the channel, not of the message that it is about. */
const refusals = new WeakMap<ConfirmChannel, Error>()

function lost(channel: ConfirmChannel, cause: unknown) {
  const refusal = refusals.get(channel)
  if (refusal === undefined) return new BusUnavailableError('the channel was lost', { cause })
  return new BusUnavailableError(refusal.message, { cause: refusal })
}

/** What a confirm means; undefined where the message is safe. */
function judgeConfirm(
  error: Error | null,
  {
    returned,
    message,
    channel,
  }: { returned: boolean; message: OutgoingMessage; channel: ConfirmChannel },
) {
  if (error === null) {
    return returned ? new UnroutableError(message.exchange, message.routingKey) : undefined
  }
  return error.message === 'message nacked' ? new PublishRejectedError() : lost(channel, error)
}

function send(
  channel: ConfirmChannel,
  returns: Returns,
  message: OutgoingMessage,
  userId: string | undefined,
): Promise<void> {
  const { exchange, routingKey, id, body, headers = {} } = message
  const options = {
    mandatory: true,
    persistent: true,
    messageId: id,
    contentType: 'application/cloudevents+json',
    headers,
    ...(userId !== undefined && { userId }),
  }
  return new Promise((resolve, reject) => {
    const onConfirm = (error: Error | null) => {
      const failure = judgeConfirm(error, { returned: returns.take(message), message, channel })
      if (failure === undefined) resolve()
      else reject(failure)
    }
    try {
      channel.publish(exchange, routingKey, body, options, onConfirm)
    } catch (cause) {
      reject(new BusUnavailableError('the channel is closed', { cause }))
    }
  })
}

/** One confirm channel, opened when it is needed and anew when it was lost. */
function createConfirmChannel(model: RecoveringChannelModel, returns: Returns) {
  let opening: Promise<ConfirmChannel> | undefined
  const open = async (): Promise<ConfirmChannel> => {
    try {
      const channel = await model.createConfirmChannel()
      channel.on('error', (error: Error) => {
        refusals.set(channel, error)
      })
      channel.on('close', () => {
        opening = undefined
      })
      channel.on('return', returns.add)
      return channel
    } catch (cause) {
      opening = undefined
      throw new BusUnavailableError('no channel', { cause })
    }
  }
  return () => (opening ??= open())
}

/** Publishes mandatory and persistent, and waits for the broker's confirm. */
export function createPublisher(options: {
  model: RecoveringChannelModel
  state: () => BusState
  confirmDeadline: number
  /** Who publishes; the broker refuses any other than the one who logged in. */
  userId: string | undefined
}) {
  const { model, state, confirmDeadline, userId } = options
  const unconfirmed = new Set<Promise<void>>()
  const returns = createReturns()
  const currentChannel = createConfirmChannel(model, returns)

  return {
    publish: async (message: OutgoingMessage): Promise<void> => {
      if (state() !== 'ready') throw new BusUnavailableError(state())
      if (unconfirmed.size >= mostUnconfirmed) throw new BusUnavailableError('too much under way')
      const confirmed = withDeadline(
        currentChannel().then((channel) => send(channel, returns, message, userId)),
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
