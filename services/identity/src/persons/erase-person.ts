import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import type { Audit } from '../audit/audit.ts'
import type { Database } from '../database.ts'
import type { SessionRepository } from '../sessions/session-repository.ts'

interface Deps {
  db: Kysely<Database>
  sessions: SessionRepository
  audit: Audit
  now: () => Date
}

/** No log-in of the same person goes on beside it: such a one is before it, or makes a new patient. */
async function lockNumbers(tx: Transaction<Database>, patientId: string): Promise<void> {
  const numbers = await tx
    .selectFrom('person_number')
    .select('number_hash')
    .where('person_id', '=', patientId)
    .orderBy('number_hash')
    .execute()
  for (const { number_hash: hash } of numbers) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${hash}, 0))`.execute(tx)
  }
}

/**
 * Erases who a patient is: name, numbers, sessions, and all that leads from a number to the patient id. The id stays
 * where others keep it, and leads to nobody.
 */
export function createErasePerson({ db, sessions, audit, now }: Deps) {
  /** @returns how many sessions it ended; undefined where there is no such person */
  return (patientId: string, withdrawalId: string): Promise<number | undefined> =>
    db.transaction().execute(async (tx) => {
      await lockNumbers(tx, patientId)
      const ended = await sessions.endAll(tx, patientId, now())
      // With the person go its numbers and sessions, and with those what was granted in them.
      const person = await tx
        .deleteFrom('person')
        .where('id', '=', patientId)
        .returning('id')
        .executeTakeFirst()
      if (person === undefined) return undefined
      for (const each of ended) {
        await audit.record(tx, { event: 'session-ended', reason: 'operator', ...each })
      }
      const erased = { event: 'person-erased', reason: 'operator', patientId } as const
      await audit.record(tx, { ...erased, detail: `withdrawal ${withdrawalId}` })
      return ended.length
    })
}
