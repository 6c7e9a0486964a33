import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { KeyWrapping } from '@minaintyg/crypto'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from '../database.ts'

interface Deps {
  db: Kysely<Database>
  wrapping: KeyWrapping
  log: Pick<Server['log'], 'info' | 'error'>
}

export interface Rewrapped {
  rewrapped: number
  /** No configured key opens them. */
  unopened: number
  /** Still wrapped by another key than today's: where it is 0, the others can be removed. */
  remaining: number
}

export interface KeyRewrapping extends Worker {
  run: () => Promise<void>
  rewrap: () => Promise<Rewrapped>
}

interface Row {
  patient_id: string
  sealed_key: Buffer
}

const batchSize = 100
const interval = 10 * 60_000

const isOld = ({ currentPrefix }: KeyWrapping) =>
  sql<boolean>`substring(sealed_key from 1 for ${currentPrefix.length}) <> ${currentPrefix}`

const findBatch = ({ db, wrapping }: Deps, after: string | undefined): Promise<Row[]> =>
  db
    .selectFrom('patient_key')
    .select(['patient_id', 'sealed_key'])
    .where(isOld(wrapping))
    .$if(after !== undefined, (query) => query.where('patient_id', '>', after ?? ''))
    .orderBy('patient_id')
    .limit(batchSize)
    .execute()

/** Without a lock while others are asked: a key that was destroyed or wrapped by another meanwhile is left alone. */
async function replace(
  { db }: Deps,
  keys: readonly { patientId: string; before: Buffer; after: Buffer }[],
): Promise<number> {
  if (keys.length === 0) return 0
  const { numAffectedRows = 0n } = await sql`
    update patient_key k set sealed_key = n.sealed_after
    from unnest(${keys.map(({ patientId }) => patientId)}::uuid[],
      ${keys.map(({ before }) => before)}::bytea[],
      ${keys.map(({ after }) => after)}::bytea[]) as n (patient_id, sealed_before, sealed_after)
    where k.patient_id = n.patient_id and k.sealed_key = n.sealed_before`.execute(db)
  return Number(numAffectedRows)
}

async function rewrapBatch(deps: Deps, rows: readonly Row[]) {
  const { wrapping } = deps
  const keys = await wrapping.unwrap(
    rows.map((row) => ({ wrapped: row.sealed_key, context: row.patient_id })),
  )
  const opened = rows.flatMap((row, index) => {
    const key = keys[index]
    return key === undefined ? [] : [{ row, key }]
  })
  const wrapped = await wrapping.wrap(
    opened.map(({ row, key }) => ({ key, context: row.patient_id })),
  )
  const changes = opened.flatMap(({ row }, index) => {
    const after = wrapped[index]
    return after === undefined ? [] : [{ patientId: row.patient_id, before: row.sealed_key, after }]
  })
  return { rewrapped: await replace(deps, changes), unopened: rows.length - opened.length }
}

async function countOld({ db, wrapping }: Deps): Promise<number> {
  const { count } = await db
    .selectFrom('patient_key')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(isOld(wrapping))
    .executeTakeFirstOrThrow()
  return count
}

/** Wraps patients' keys with today's master key, so that an earlier one can be taken out of configuration. */
export function createKeyRewrapping(deps: Deps): KeyRewrapping {
  const { log } = deps

  async function rewrap(): Promise<Rewrapped> {
    const total = { rewrapped: 0, unopened: 0 }
    let last: string | undefined
    for (;;) {
      const rows = await findBatch(deps, last)
      const batch = await rewrapBatch(deps, rows)
      total.rewrapped += batch.rewrapped
      total.unopened += batch.unopened
      last = rows.at(-1)?.patient_id
      if (rows.length < batchSize) break
    }
    return { ...total, remaining: await countOld(deps) }
  }

  async function run(): Promise<void> {
    const done = await rewrap()
    if (done.unopened > 0) log.error(done, 'patients’ keys that no master key opens')
    if (done.rewrapped > 0) log.info(done, 'patients’ keys wrapped anew')
  }

  return { ...createPeriodicWorker({ name: 'key-rewrapping', interval, run, log }), rewrap }
}
