import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { MacKeys } from '@minaintyg/crypto'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server, Worker } from '@minaintyg/service'
import type { Database, Tx } from '../database.ts'
import { beginning, headText, sealOf, sealedText, useUtc } from './access-seal.ts'
import type { Head } from './access-seal.ts'

interface Deps {
  db: Kysely<Database>
  keys: MacKeys
  log: Pick<Server['log'], 'info' | 'error'>
}

const batchSize = 500
// Any constant does: one process seals at a time.
const advisoryLock = 7_104_322

async function findHead(tx: Tx): Promise<Head> {
  const last = await tx
    .selectFrom('access_log_seal')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? { sequence: 0, hash: beginning }
}

const findWaiting = (tx: Tx) =>
  tx
    .selectFrom('access_log_unsealed as u')
    .innerJoin('access_log as a', 'a.position', 'u.position')
    .select(['a.position', sealedText.as('entry')])
    .orderBy('u.position')
    .limit(batchSize)
    .execute()

/** @returns the head and how many were sealed; none where another process is at it */
async function sealBatch(tx: Tx, keys: MacKeys): Promise<{ head: Head; count: number }> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${advisoryLock}) as mine`.execute(tx)
  if (rows[0]?.mine !== true) return { head: { sequence: 0, hash: beginning }, count: 0 }
  await useUtc(tx)
  let head = await findHead(tx)
  const waiting = await findWaiting(tx)
  const seals = waiting.map(({ position, entry }) => {
    const sequence = head.sequence + 1
    const hash = sealOf(keys, keys.currentId, { sequence, previous: head.hash, entry })
    if (hash === undefined) throw new Error('There is no key to seal with')
    head = { sequence, hash }
    return { sequence, position, key_id: keys.currentId, hash }
  })
  if (seals.length === 0) return { head, count: 0 }
  const positions = seals.map(({ position }) => position)
  // Columns, and not rows: the same statement however many there are.
  await sql`insert into access_log_seal (sequence, position, key_id, hash)
    select * from unnest(${seals.map(({ sequence }) => sequence)}::bigint[], ${positions}::bigint[],
      ${seals.map(({ key_id: keyId }) => keyId)}::text[], ${seals.map(({ hash }) => hash)}::bytea[])`.execute(
    tx,
  )
  await sql`delete from access_log_unsealed where position = any(${positions}::bigint[])`.execute(
    tx,
  )
  return { head, count: seals.length }
}

/**
 * Chains what was written to the access log, a second behind. Writers do not wait for it: they write rows, and the
 * database notes which are still without a seal.
 */
export function createAccessLogSealer(deps: Deps): Worker & { run(): Promise<void> } {
  const { db, keys, log } = deps

  async function run(): Promise<void> {
    let entries = 0
    for (;;) {
      const { head, count } = await db.transaction().execute((tx) => sealBatch(tx, keys))
      entries += count
      if (count === batchSize) continue
      // A copy of the log lies outside the database: it shows where the chain was cut off.
      if (entries > 0) log.info({ entries, head: headText(head) }, 'access log sealed')
      return
    }
  }

  const worker = createPeriodicWorker({ name: 'access-log-sealer', interval: 1_000, run, log })
  return {
    ...worker,
    async stop() {
      await worker.stop()
      await run().catch((err: unknown) => {
        log.error({ err }, 'the access log could not be sealed to its end')
      })
    },
  }
}
