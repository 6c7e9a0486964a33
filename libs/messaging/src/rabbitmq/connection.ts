import { connect } from 'amqplib'
import type { ChannelModel, RecoveringChannelModel } from 'amqplib'
import { BusUnavailableError, TopologyError } from '../bus-errors.ts'
import { withDeadline } from '../bus-lifecycle.ts'
import type { BusState, Logger } from '../event-bus.ts'

export interface AmqpConnection {
  readonly model: RecoveringChannelModel
  /** Rejects with what made the first connect impossible. */
  ready: () => Promise<void>
  close: () => Promise<void>
}

const heartbeatSeconds = 10
const setupDeadline = 15_000
const longestPause = 15_000

const withHeartbeat = (url: string) => {
  const parsed = new URL(url)
  if (!parsed.searchParams.has('heartbeat')) {
    parsed.searchParams.set('heartbeat', String(heartbeatSeconds))
  }
  return parsed.href
}

/** Wrong credentials, or a virtual host that does not exist. */
const isRefused = (error: Error) => /ACCESS[-_]REFUSED|NOT[-_]ALLOWED/.test(error.message)

/**
 * A connection that recovers by itself, running `setup` each time. A wrong topology ends recovery,
 * and so does a refused log-in until the first one has succeeded: `onState` then says `failed`.
 */
export async function openConnection(options: {
  url: string
  name: string
  setup: (model: ChannelModel) => Promise<void>
  onState: (state: BusState) => void
  logger: Logger
  connectDeadline: number
}): Promise<AmqpConnection> {
  const { url, name, setup, onState, logger, connectDeadline } = options
  let final: Error | undefined
  let connectedBefore = false

  const model = await connect(withHeartbeat(url), {
    clientProperties: { connection_name: name },
    timeout: 5_000,
    keepAlive: true,
    recovery: {
      waitForConnect: false,
      calculateDelay(attempt) {
        // amqplib gives up for good when this throws, which is what a final failure needs.
        if (final !== undefined) throw final
        return Math.min(longestPause, 200 * 2 ** (attempt - 1)) * (0.8 + Math.random() * 0.4)
      },
      async setup(opened: ChannelModel) {
        // Until setup is over nobody listens, and an unheard 'error' ends the process.
        opened.on('error', () => undefined)
        await withDeadline(setup(opened), setupDeadline, () => new Error('setup took too long'))
      },
    },
  })
  model.on('connect', () => {
    connectedBefore = true
    logger.info({ connection: name }, 'connected to RabbitMQ')
    onState('ready')
  })
  model.on('error', (err: Error) => {
    logger.warn({ err, connection: name }, 'the connection to RabbitMQ failed')
  })
  model.on('disconnect', () => {
    onState('connecting')
  })
  model.on('connect-failed', (err: Error) => {
    if (err instanceof TopologyError || (!connectedBefore && isRefused(err))) final = err
    else logger.warn({ err, connection: name }, 'RabbitMQ cannot be reached; trying again')
  })
  model.on('reconnect-failed', (err: Error) => {
    logger.error({ err, connection: name }, 'RabbitMQ will not be tried again')
    onState('failed')
  })
  model.on('blocked', (reason: string) => {
    logger.warn({ connection: name, reason }, 'RabbitMQ takes no messages for now')
    onState('blocked')
  })
  model.on('unblocked', () => {
    onState('ready')
  })

  return {
    model,
    async ready() {
      await withDeadline(
        model.waitForConnect(),
        connectDeadline,
        () => new BusUnavailableError('RabbitMQ did not answer in time'),
      )
    },
    close: () => model.close(),
  }
}
