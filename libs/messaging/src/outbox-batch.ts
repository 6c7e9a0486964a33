import { SpanKind } from '@minaintyg/telemetry'
import type { Kysely, Transaction } from 'kysely'
import { inTraceOf, traceHeader } from './event-traces.ts'
import { inParts } from './in-parts.ts'
import { claim, isolated } from './outbox-claim.ts'
import { createMarks } from './outbox-marks.ts'
import type { Outcome } from './outbox-marks.ts'
import type { Completed, OutboxRelayOptions, RelayBus, RelayVerdict } from './outbox-options.ts'
import type { OutboxEvent } from './outbox-row.ts'
import type { OutboxTables } from './tables.ts'

type Tx = Transaction<OutboxTables>
/** What becomes of each event of a batch; one that is in none was not come to, and waits for the next. */
type Outcomes = Map<OutboxEvent, Outcome>

/** Postgres ends a transaction that idles for 30 s; questions to neighbours must leave room. */
const askingTime = 8_000

async function publish(
  bus: RelayBus,
  event: OutboxEvent,
  completed: Completed = {},
): Promise<Outcome> {
  try {
    await inTraceOf(event, `publish ${event.exchange}`, SpanKind.PRODUCER, async () => {
      const { exchange, routingKey, id } = event
      const { body = event.body, headers: added } = completed
      const headers = { ...event.headers, ...added, ...traceHeader() }
      await bus.publish({ exchange, routingKey, id, body, headers })
    })
    return 'published'
  } catch (error) {
    return { error }
  }
}

/** Makes the function that carries one batch: claim, ask, publish, await confirms, mark, commit. */
export function relayBatch<Tables extends OutboxTables>(
  options: OutboxRelayOptions<Tables> & { batchSize: number },
) {
  const { bus, now = () => new Date(), batchSize, shouldPublish, beforePublish } = options
  const db = options.db as unknown as Kysely<OutboxTables>
  const settle = createMarks(options)

  /** @returns those that may leave */
  const ask = async (tx: Tx, events: readonly OutboxEvent[], outcomes: Outcomes, until: number) => {
    if (shouldPublish === undefined) return events
    const verdicts = await inParts<ReadonlyMap<string, RelayVerdict>>(
      events,
      (some) => isolated(tx, () => shouldPublish(tx as unknown as Transaction<Tables>, some)),
      until,
    )
    return verdicts.flatMap((part) =>
      part.events.filter((event) => {
        const verdict = 'error' in part ? part : (part.result.get(event.id) ?? 'publish')
        if (verdict === 'publish') return true
        outcomes.set(event, verdict === 'cancel' ? 'cancelled' : { error: verdict.error })
        return false
      }),
    )
  }

  /** In their order, and without waiting for each other's confirm: of one subject there is but one in a batch. */
  const publishAll = async (
    events: readonly OutboxEvent[],
    outcomes: Outcomes,
    until: number,
  ): Promise<void> => {
    const complete = beforePublish ?? (async () => new Map<string, Completed>())
    const parts = await inParts(events, complete, until)
    await Promise.all(
      parts.flatMap((part) =>
        part.events.map(async (event) => {
          outcomes.set(
            event,
            'error' in part
              ? { error: part.error }
              : await publish(bus, event, part.result.get(event.id)),
          )
        }),
      ),
    )
  }

  return async (
    onClaim: (claimed: number) => void,
  ): Promise<{ claimed: number; published: number }> =>
    db.transaction().execute(async (tx) => {
      const events = await claim(tx, now(), batchSize)
      onClaim(events.length)
      const until = performance.now() + askingTime
      const outcomes: Outcomes = new Map()
      const leaving = await ask(tx, events, outcomes, until)
      await publishAll(leaving, outcomes, until)
      await settle(tx, outcomes)
      const published = [...outcomes.values()].filter((outcome) => outcome === 'published').length
      return { claimed: outcomes.size, published }
    })
}
