import { sql } from 'kysely'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { ConsentRecordTable, Database } from '../database.ts'
import type { ConsentRecord } from './consent-model.ts'

export type ConsentRepository = ReturnType<typeof createConsentRepository>

const toRecord = (row: Selectable<ConsentRecordTable>): ConsentRecord => ({
  id: row.id,
  patientId: row.patient_id,
  kind: row.kind,
  at: row.at,
  textVersion: row.text_version,
  language: row.language,
  channel: row.channel,
  loa: row.loa,
  sessionId: row.session_id,
})

const newestFirst = (db: Kysely<Database>, patientId: string) =>
  db
    .selectFrom('consent_record')
    .selectAll()
    .where('patient_id', '=', patientId)
    .orderBy('position', 'desc')

export function createConsentRepository(db: Kysely<Database>) {
  return {
    /** What one patient says is taken one at a time, on every replica. */
    async lockPatient(tx: Transaction<Database>, patientId: string): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtextextended(${patientId}, 0))`.execute(tx)
    },
    async latest(patientId: string, tx: Kysely<Database> = db): Promise<ConsentRecord | undefined> {
      const row = await newestFirst(tx, patientId).limit(1).executeTakeFirst()
      return row === undefined ? undefined : toRecord(row)
    },
    async history(patientId: string): Promise<ConsentRecord[]> {
      return (await newestFirst(db, patientId).limit(200).execute()).map(toRecord)
    },
    /** Oldest first, without end: nobody gives and withdraws so often that it were too much. */
    async all(patientId: string): Promise<ConsentRecord[]> {
      const rows = await newestFirst(db, patientId).execute()
      return rows.map(toRecord).reverse()
    },
    async append(tx: Transaction<Database>, record: ConsentRecord): Promise<void> {
      await tx
        .insertInto('consent_record')
        .values({
          id: record.id,
          patient_id: record.patientId,
          kind: record.kind,
          text_version: record.textVersion,
          language: record.language,
          channel: record.channel,
          loa: record.loa,
          session_id: record.sessionId,
          at: record.at,
        })
        .execute()
    },
  }
}
