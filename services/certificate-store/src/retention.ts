import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { removeFinishedEvents } from '@minaintyg/messaging'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server, Worker } from '@minaintyg/service'
import type { Database } from './database.ts'

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Server['log'], 'info' | 'error'>
}

const hour = 60 * 60_000

/** In batches: each call deletes some of what is due. */
async function deleteOldAccesses(db: Kysely<Database>): Promise<number> {
  let entries = 0
  for (;;) {
    const { rows } = await sql<{ deleted: number }>`
      select delete_old_accesses() as deleted`.execute(db)
    const deleted = rows[0]?.deleted ?? 0
    if (deleted === 0) return entries
    entries += deleted
  }
}

/** Deletes what is due. How long the access log is kept is the database's to know, and by its clock. */
export function createRetention({ db, now, log }: Deps): Worker & { run(): Promise<void> } {
  async function run(): Promise<void> {
    await removeFinishedEvents(db, now())
    const entries = await deleteOldAccesses(db)
    if (entries > 0) log.info({ entries }, 'entries of the access log were due and are deleted')
  }
  return createPeriodicWorker({ name: 'retention', interval: hour, run, log })
}
