import { setTimeout as pause } from 'node:timers/promises'
import { createMeasured } from '@minaintyg/telemetry'
import { BusUnavailableError, TopologyError } from './bus-errors.ts'
import { createBusLifecycle } from './bus-lifecycle.ts'
import type { EventBusOptions } from './bus-options.ts'
import { connectEventBus } from './connect.ts'
import { silentLogger } from './event-bus.ts'
import type { BusState, Consumer, EventBus, Logger } from './event-bus.ts'
import { checkTopology } from './topology.ts'

const longestPause = 15_000
/** Milliseconds of one attempt: so long closing may have to wait. */
const connectDeadline = 5_000
const backOff = (attempt: number) =>
  Math.min(longestPause, 250 * 2 ** (attempt - 1)) * (0.8 + Math.random() * 0.4)

/** Tries until it succeeds or nobody wants it any more. @returns undefined in the latter case */
async function persist<T>(
  work: () => Promise<T>,
  options: { signal: AbortSignal; onFailure: (error: unknown) => void },
): Promise<T | undefined> {
  const { signal, onFailure } = options
  const isUnwanted = () => signal.aborted
  for (let attempt = 1; !isUnwanted(); attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (isUnwanted()) return undefined
      onFailure(error)
      await pause(backOff(attempt), undefined, { signal }).catch(() => undefined)
    }
  }
  return undefined
}

function tellFailure(logger: Logger, bus: string, err: unknown): void {
  if (err instanceof TopologyError) {
    logger.error({ err, bus }, 'the event bus is not as it must be; trying again')
  } else logger.warn({ err, bus }, 'the event bus cannot be reached; trying again')
}

function connectedOf(bus: EventBus | undefined, state: BusState): EventBus {
  if (bus === undefined) throw new BusUnavailableError(state)
  return bus
}

/**
 * A bus that is there at once and connects behind it, for as long as it takes: until then nothing can be published,
 * and subscriptions wait. So a service starts before its broker does.
 */
export function openEventBus(options: EventBusOptions): EventBus {
  const { name, topology, logger = silentLogger } = options
  checkTopology(topology)
  const lifecycle = createBusLifecycle()
  const closing = new AbortController()
  let bus: EventBus | undefined

  const connect = async (): Promise<EventBus> => {
    const connected = await connectEventBus({ connectDeadline, ...options })
    if (closing.signal.aborted) {
      await connected.close()
      throw new BusUnavailableError('closed')
    }
    bus = connected
    connected.onStateChange(lifecycle.set)
    lifecycle.set(connected.state())
    return connected
  }
  const connecting = persist(connect, {
    signal: closing.signal,
    onFailure: (error) => {
      tellFailure(logger, name, error)
    },
  })

  return {
    state: lifecycle.state,
    onStateChange: lifecycle.onStateChange,
    publish: async (message) => connectedOf(bus, lifecycle.state()).publish(message),
    depthOf: async (queue) => connectedOf(bus, lifecycle.state()).depthOf(queue),
    async subscribe(subscription, handler): Promise<Consumer> {
      const ending = new AbortController()
      const signal = AbortSignal.any([ending.signal, closing.signal])
      let consumer: Consumer | undefined
      const subscribe = async () => {
        const connected = await connecting
        consumer = await connected?.subscribe(subscription, handler)
        if (signal.aborted) await consumer?.stop()
      }
      void persist(subscribe, {
        signal,
        onFailure: (err) => {
          logger.warn({ err, queue: subscription.queue }, 'a queue cannot be read; trying again')
        },
      })
      return {
        async stop() {
          ending.abort()
          await consumer?.stop()
        },
      }
    },
    async close() {
      closing.abort()
      await connecting
      await bus?.close()
      lifecycle.set('closed')
    },
  }
}

const connected = createMeasured({
  name: 'minaintyg_bus_ready',
  help: 'Whether the event bus takes messages',
})

/** The part of a server that a bus needs: where it logs, what asks whether it is there, what ends it. */
export interface BusHost {
  log: Logger
  readiness: { add(checks: Record<string, () => boolean>): void }
  addHook(name: 'onClose', hook: () => Promise<void>): unknown
}

/**
 * The bus of a service, which closes with its server. The service is ready once the bus has been reached; one that is lost
 * later does not make it unready, as its routes need none: events wait in the outbox, and an alert tells of it.
 */
export function useEventBus(host: BusHost, options: Omit<EventBusOptions, 'logger'>): EventBus {
  const bus = openEventBus({ ...options, logger: host.log })
  let reached = false
  bus.onStateChange((state: BusState) => {
    reached ||= state === 'ready'
  })
  host.readiness.add({ broker: () => reached })
  const unwatch = connected.watch(() => [{ value: bus.state() === 'ready' ? 1 : 0 }])
  host.addHook('onClose', async () => {
    unwatch()
    await bus.close()
  })
  return bus
}
