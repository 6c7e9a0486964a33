import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { removeFinishedEvents } from '@minaintyg/messaging'
import { createPeriodicWorker } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { Database } from './database.ts'

interface Deps {
  db: Kysely<Database>
  now: () => Date
  log: Pick<Server['log'], 'error' | 'info'>
}

const hour = 60 * 60_000

/** Deletes what is due. How long a statement is kept is the database's to know, and by its clock. */
export function createRetention({ db, now, log }: Deps) {
  async function run(): Promise<void> {
    await removeFinishedEvents(db, now())
    const { rows } = await sql<{ deleted: string }>`
      select delete_old_consent_records() as deleted`.execute(db)
    const deleted = Number(rows[0]?.deleted)
    if (deleted > 0) log.info({ deleted }, 'statements of consent were due and are deleted')
  }
  return createPeriodicWorker({ name: 'retention', interval: hour, run, log })
}
