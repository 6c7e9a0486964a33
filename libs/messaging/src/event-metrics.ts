import { createCounter, createMeasured } from '@minaintyg/telemetry'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { EventBusError } from './bus-errors.ts'
import type { Verdict } from './handling.ts'
import type { OutboxTables } from './tables.ts'

const relayed = createCounter({
  name: 'minaintyg_events_relayed_total',
  help: 'Attempts to publish an event out of the outbox, by what came of them; `bus.unroutable` has no queue to go to',
  labels: ['type', 'outcome'],
})
const deliveries = createCounter({
  name: 'minaintyg_deliveries_total',
  help: 'Events that were taken out of a queue, by what became of them; dead: gone to the dead letters',
  labels: ['queue', 'verdict'],
})
const pending = createMeasured({
  name: 'minaintyg_outbox_events',
  help: 'Events in the outbox: pending will leave, parked waits for a person',
  labels: ['database', 'state'],
})
const oldest = createMeasured({
  name: 'minaintyg_outbox_oldest_age_seconds',
  help: 'Age of the oldest event that has not left the outbox; 0 where there is none',
  labels: ['database'],
})

/** Counts an attempt. Its outcome is `published`, `cancelled`, the code of what failed at the bus, or `failed`. */
export function countRelayed(
  type: string,
  outcome: 'published' | 'cancelled' | { error: unknown },
) {
  if (typeof outcome === 'string') relayed.inc({ type, outcome })
  else {
    const { error } = outcome
    relayed.inc({ type, outcome: error instanceof EventBusError ? error.code : 'failed' })
  }
}

export function countDelivery(queue: string, verdict: Verdict): void {
  deliveries.inc({ queue, verdict })
}

async function readOutbox(db: Kysely<OutboxTables>) {
  const { rows } = await sql<{ pending: number; parked: number; age: number | null }>`
    select count(*) filter (where parked_at is null) as pending,
      count(*) filter (where parked_at is not null) as parked,
      extract(epoch from now() - min(occurred_at) filter (where parked_at is null))::float8 as age
    from outbox where published_at is null and cancelled_at is null`.execute(db)
  return rows[0] ?? { pending: 0, parked: 0, age: null }
}

/** Tells how much waits in an outbox, and for how long. @returns what ends that */
export function measureOutbox(db: Kysely<OutboxTables>, url: string): () => void {
  const database = new URL(url).pathname.slice(1)
  const unwatch = [
    pending.watch(async () => {
      const found = await readOutbox(db)
      return [
        { labels: { database, state: 'pending' }, value: found.pending },
        { labels: { database, state: 'parked' }, value: found.parked },
      ]
    }),
    oldest.watch(async () => {
      const { age } = await readOutbox(db)
      return [{ labels: { database }, value: Math.max(0, age ?? 0) }]
    }),
  ]
  return () => {
    for (const end of unwatch) end()
  }
}
