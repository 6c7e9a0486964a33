import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import { EventBusError } from './bus-errors.ts'
import { silentLogger } from './event-bus.ts'
import { countRelayed } from './event-metrics.ts'
import { inParts } from './in-parts.ts'
import { isolated } from './outbox-claim.ts'
import type { OutboxRelayOptions } from './outbox-options.ts'
import { nextAttempt } from './outbox-row.ts'
import type { OutboxEvent } from './outbox-row.ts'
import type { OutboxTables } from './tables.ts'

type Tx = Transaction<OutboxTables>
/** How the publishing of an event ended. */
export type Outcome = 'published' | 'cancelled' | { error: unknown }

interface Mark {
  published_at?: Date
  parked_at?: Date
  cancelled_at?: Date
  attempts?: number
  next_attempt_at?: Date
  last_error?: string | null
}

/** After a failure that the ladder does not count. */
const shortPause = 300_000

/** Codes and kinds only: another's message may hold what was in the data. */
const describe = (error: unknown) =>
  error instanceof EventBusError
    ? `${error.code}: ${error.message}`
    : error instanceof Error
      ? error.name
      : typeof error

const mark = async (tx: Tx, events: readonly OutboxEvent[], set: Mark) => {
  if (events.length === 0) return
  await tx
    .updateTable('outbox')
    .set(set)
    .where('id', '=', sql<string>`any(${events.map(({ id }) => id)}::uuid[])`)
    .execute()
}

/** Marks rows by how their publishing ended, with the hooks in the same transaction. */
export function createMarks<Tables extends OutboxTables>(options: OutboxRelayOptions<Tables>) {
  const { logger = silentLogger, now = () => new Date() } = options
  const hookTx = (tx: Tx) => tx as unknown as Transaction<Tables>

  const keepForLater = async (tx: Tx, event: OutboxEvent, err: unknown) => {
    logger.error({ err, id: event.id, type: event.type }, 'an event could not be marked')
    await mark(tx, [event], {
      last_error: describe(err),
      next_attempt_at: new Date(now().getTime() + shortPause),
    })
  }

  const fail = async (tx: Tx, event: OutboxEvent, error: unknown) => {
    const attempts = event.attempts + 1
    const last_error = describe(error)
    const next = nextAttempt(attempts, now())
    const fields = { id: event.id, type: event.type, attempts, reason: last_error }
    if (next !== undefined) {
      logger.warn(fields, 'an event could not be published and will be tried again')
      await mark(tx, [event], { attempts, last_error, next_attempt_at: next })
      return
    }
    logger.error(fields, 'an event is parked: all attempts to publish it have failed')
    await isolated(tx, async () => {
      await mark(tx, [event], { attempts, last_error, parked_at: now() })
      await options.onParked?.(hookTx(tx), { ...event, attempts })
    }).catch((err: unknown) => keepForLater(tx, event, err))
  }

  const confirm = async (tx: Tx, events: readonly OutboxEvent[]) => {
    const { onPublished } = options
    if (onPublished === undefined) {
      await mark(tx, events, { published_at: now(), last_error: null })
      return
    }
    const parts = await inParts(events, (some) =>
      isolated(tx, async () => {
        await mark(tx, some, { published_at: now(), last_error: null })
        await onPublished(hookTx(tx), some)
      }),
    )
    // A hook that throws must not undo the marks of the other events.
    for (const part of parts) {
      if (!('error' in part)) continue
      for (const event of part.events) await keepForLater(tx, event, part.error)
    }
  }

  return async (tx: Tx, outcomes: ReadonlyMap<OutboxEvent, Outcome>): Promise<void> => {
    const all = [...outcomes]
    for (const [event, outcome] of all) countRelayed(event.type, outcome)
    const endedAs = (wanted: Outcome) =>
      all.filter(([, outcome]) => outcome === wanted).map(([event]) => event)
    await confirm(tx, endedAs('published'))
    await mark(tx, endedAs('cancelled'), { cancelled_at: now() })
    for (const [event, outcome] of all) {
      if (typeof outcome === 'object') await fail(tx, event, outcome.error)
    }
  }
}
