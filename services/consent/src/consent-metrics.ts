import { createCounter, createMeasured } from '@minaintyg/telemetry'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database } from './database.ts'

const declarations = createCounter({
  name: 'minaintyg_consent_declarations_total',
  help: 'Consents that were given and withdrawn',
  labels: ['kind'],
})
const unfinished = createMeasured({
  name: 'minaintyg_erasures_unfinished',
  help: 'Withdrawals whose erasure some service has not confirmed',
})
const oldest = createMeasured({
  name: 'minaintyg_erasure_oldest_age_seconds',
  help: 'Time since the first withdrawal whose erasure is not confirmed; 0 where there is none',
})

export function countDeclaration(kind: 'given' | 'withdrawn'): void {
  declarations.inc({ kind })
}

async function readErasures(db: Kysely<Database>) {
  return db
    .selectFrom('erasure_under_way as e')
    .innerJoin('consent_record as r', 'r.id', 'e.withdrawal_id')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      sql<number | null>`extract(epoch from now() - min(r.at))::float8`.as('age'),
    ])
    .executeTakeFirstOrThrow()
}

/** @returns what ends it */
export function measureErasures(db: Kysely<Database>): () => void {
  const unwatch = [
    unfinished.watch(async () => [{ value: (await readErasures(db)).count }]),
    oldest.watch(async () => [{ value: Math.max(0, (await readErasures(db)).age ?? 0) }]),
  ]
  return () => {
    for (const end of unwatch) end()
  }
}
