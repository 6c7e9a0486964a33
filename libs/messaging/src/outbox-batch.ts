import { SpanKind } from '@minaintyg/telemetry'
import type { Kysely, Transaction } from 'kysely'
import { EventBusError } from './bus-errors.ts'
import { silentLogger } from './event-bus.ts'
import { claim, isolated } from './outbox-claim.ts'
import type { OutboxRelayOptions } from './outbox-options.ts'
import { countRelayed } from './event-metrics.ts'
import { inTraceOf, traceHeader } from './event-traces.ts'
import { nextAttempt } from './outbox-row.ts'
import type { OutboxEvent } from './outbox-row.ts'
import type { OutboxTables } from './tables.ts'

type Tx = Transaction<OutboxTables>
type Outcome = 'published' | 'cancelled' | { error: unknown }

interface Mark {
  published_at?: Date
  parked_at?: Date
  cancelled_at?: Date
  attempts?: number
  next_attempt_at?: Date
  last_error?: string | null
}

/** Postgres ends a transaction that idles for 30 s; questions to neighbours must leave room. */
const askingTime = 8_000
/** After a failure that the ladder does not count. */
const shortPause = 300_000

/** Codes and kinds only: another's message may hold what was in the data. */
const describe = (error: unknown) =>
  error instanceof EventBusError
    ? `${error.code}: ${error.message}`
    : error instanceof Error
      ? error.name
      : typeof error

const mark = async (tx: Tx, id: string, set: Mark) => {
  await tx.updateTable('outbox').set(set).where('id', '=', id).execute()
}

/** Marks rows by how their publishing ended, with the hooks in the same transaction. */
function createMarks<Tables extends OutboxTables>(options: OutboxRelayOptions<Tables>) {
  const { logger = silentLogger, now = () => new Date() } = options
  const hookTx = (tx: Tx) => tx as unknown as Transaction<Tables>

  const fail = async (tx: Tx, event: OutboxEvent, error: unknown) => {
    const attempts = event.attempts + 1
    const last_error = describe(error)
    const next = nextAttempt(attempts, now())
    const fields = { id: event.id, type: event.type, attempts, reason: last_error }
    if (next !== undefined) {
      logger.warn(fields, 'an event could not be published and will be tried again')
      await mark(tx, event.id, { attempts, last_error, next_attempt_at: next })
      return
    }
    logger.error(fields, 'an event is parked: all attempts to publish it have failed')
    await isolated(tx, async () => {
      await mark(tx, event.id, { attempts, last_error, parked_at: now() })
      await options.onParked?.(hookTx(tx), { ...event, attempts })
    })
  }

  const settle = async (tx: Tx, event: OutboxEvent, outcome: Outcome): Promise<void> => {
    countRelayed(event.type, outcome)
    if (outcome === 'cancelled') {
      await mark(tx, event.id, { cancelled_at: now() })
    } else if (outcome === 'published') {
      await isolated(tx, async () => {
        await mark(tx, event.id, { published_at: now(), last_error: null })
        await options.onPublished?.(hookTx(tx), event)
      })
    } else {
      await fail(tx, event, outcome.error)
    }
  }

  /** A hook that throws must not undo the marks of the other events. */
  return async (tx: Tx, event: OutboxEvent, outcome: Outcome): Promise<void> => {
    try {
      await settle(tx, event, outcome)
    } catch (err) {
      logger.error({ err, id: event.id, type: event.type }, 'an event could not be marked')
      await mark(tx, event.id, {
        last_error: describe(err),
        next_attempt_at: new Date(now().getTime() + shortPause),
      })
    }
  }
}

/** Makes the function that carries one batch: claim, ask, publish, await confirms, mark, commit. */
export function relayBatch<Tables extends OutboxTables>(options: OutboxRelayOptions<Tables>) {
  const { bus, now = () => new Date(), batchSize = 50, shouldPublish } = options
  const db = options.db as unknown as Kysely<OutboxTables>
  const settle = createMarks(options)

  /** @returns undefined where the event may leave */
  const ask = async (tx: Tx, event: OutboxEvent): Promise<Outcome | undefined> => {
    if (shouldPublish === undefined) return undefined
    try {
      const verdict = await inTraceOf(event, 'may it leave', SpanKind.INTERNAL, () =>
        isolated(tx, () => shouldPublish(tx as unknown as Transaction<Tables>, event)),
      )
      return verdict === 'cancel' ? 'cancelled' : undefined
    } catch (error) {
      return { error }
    }
  }

  const publish = async (event: OutboxEvent): Promise<Outcome> => {
    try {
      await inTraceOf(event, `publish ${event.exchange}`, SpanKind.PRODUCER, async () => {
        const added = await options.beforePublish?.(event)
        const { exchange, routingKey, id, body } = event
        const headers = { ...event.headers, ...added, ...traceHeader() }
        await bus.publish({ exchange, routingKey, id, body, headers })
      })
      return 'published'
    } catch (error) {
      return { error }
    }
  }

  return async (): Promise<{ claimed: number; published: number }> =>
    db.transaction().execute(async (tx) => {
      const events = await claim(tx, now(), batchSize)
      const until = performance.now() + askingTime
      const outcomes: [OutboxEvent, Promise<Outcome>][] = []
      for (const event of events) {
        if (performance.now() > until) break
        const verdict = await ask(tx, event)
        outcomes.push([event, verdict === undefined ? publish(event) : Promise.resolve(verdict)])
      }
      let published = 0
      for (const [event, pending] of outcomes) {
        const outcome = await pending
        await settle(tx, event, outcome)
        if (outcome === 'published') published += 1
      }
      return { claimed: outcomes.length, published }
    })
}
