import { createCounter, createMeasured, readTogether } from '@minaintyg/telemetry'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { EventBusError } from './bus-errors.ts'
import type { Verdict } from './event-bus.ts'
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
const events = createMeasured({
  name: 'minaintyg_waiting_events',
  help: 'Events of a service: pending will leave, parked and dead wait for a person',
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

interface Waiting {
  pending: number
  age: number | null
  parked: number
  dead: number
}

/** One look for all that is asked at once; each part has an index of its own. */
async function readWaiting(db: Kysely<OutboxTables>): Promise<Waiting> {
  const { rows } = await sql<Waiting>`
    select p.count as pending, p.age, (select count(*) from outbox where parked_at is not null) as parked,
      (select count(*) from inbox where dead_at is not null) as dead
    from (
      select count(*), extract(epoch from now() - min(occurred_at))::float8 as age from outbox
      where published_at is null and parked_at is null and cancelled_at is null
    ) as p`.execute(db)
  const [waiting] = rows
  if (waiting === undefined) throw new Error('a select without a row')
  return waiting
}

/** Tells how much waits in a service's database, and for how long. @returns what ends that */
export function measureWaiting(db: Kysely<OutboxTables>, url: string): () => void {
  const database = new URL(url).pathname.slice(1)
  const look = readTogether(() => readWaiting(db))
  const unwatch = [
    events.watch(async () => {
      const { pending, parked, dead } = await look()
      const of = (state: string, value: number) => ({ labels: { database, state }, value })
      return [of('pending', pending), of('parked', parked), of('dead', dead)]
    }),
    oldest.watch(async () => {
      const { age } = await look()
      return [{ labels: { database }, value: Math.max(0, age ?? 0) }]
    }),
  ]
  return () => {
    for (const end of unwatch) end()
  }
}
