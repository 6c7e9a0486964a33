import type { Kysely } from 'kysely'
import type { BusState } from './event-bus.ts'
import { measureWaiting } from './event-metrics.ts'
import { silentLogger } from './event-bus.ts'
import { inLanes } from './in-lanes.ts'
import { createListener } from './listener.ts'
import { relayBatch } from './outbox-batch.ts'
import type { OutboxRelayOptions } from './outbox-options.ts'
import { outboxChannel } from './outbox.ts'
import type { OutboxTables } from './tables.ts'
import type { Worker } from './worker.ts'

/** Batches under way at a time: while the one awaits its confirms, the other asks and writes. */
const mostLanes = 3

/** A relay is a worker; tests call `drain` instead of starting it. */
export interface OutboxRelay extends Worker {
  /** Sends all that is due. @returns how many the broker confirmed */
  drain: () => Promise<number>
}

/** Carries events from the outbox to the bus: at least once, in the order of each subject. */
export function createOutboxRelay<Tables extends OutboxTables>(
  options: OutboxRelayOptions<Tables>,
): OutboxRelay {
  const { bus, url, logger = silentLogger, pollInterval = 1_000, batchSize = 200 } = options
  const batch = relayBatch({ ...options, batchSize })
  let started = false
  let stopping = false
  let last: Promise<unknown> = Promise.resolve()
  let queued = false
  let timer: NodeJS.Timeout | undefined
  let unwatch: (() => void) | undefined
  let unmeasure: (() => void) | undefined

  const isReady = () => (bus.state?.() ?? 'ready') === 'ready'

  const drainNow = async (): Promise<number> => {
    let published = 0
    await inLanes(mostLanes, async (openLane, hasFailed) => {
      while (!stopping && isReady() && !hasFailed()) {
        // A full batch says that there is more: another lane helps with it.
        const result = await batch((claimed) => {
          if (claimed === batchSize) openLane()
        })
        published += result.published
        if (result.claimed === 0) return
      }
    })
    return published
  }

  const drain = (): Promise<number> => {
    const run = last.then(drainNow)
    last = run.catch(() => undefined)
    return run
  }

  const wake = () => {
    if (!started || queued) return
    queued = true
    void last.then(() => {
      queued = false
      drain().catch((err: unknown) => {
        logger.error({ err }, 'the outbox could not be read')
      })
    })
  }

  const listener = createListener({
    url,
    channel: outboxChannel,
    onWake: wake,
    onError: (err) => {
      logger.warn({ err }, 'the outbox listener lost its connection; polling goes on')
    },
  })

  return {
    name: 'outbox-relay',
    drain,
    async start() {
      started = true
      stopping = false
      unwatch = bus.onStateChange?.((state: BusState) => {
        if (state === 'ready') wake()
      })
      unmeasure = measureWaiting(options.db as unknown as Kysely<OutboxTables>, url)
      timer = setInterval(wake, pollInterval)
      await listener.start()
      wake()
    },
    async stop() {
      started = false
      stopping = true
      clearInterval(timer)
      unwatch?.()
      unmeasure?.()
      await listener.stop()
      await last
      stopping = false
    },
  }
}
