import { sql } from 'kysely'
import type { Updateable } from 'kysely'
import type { Owner } from '../copies/copy-repository.ts'
import type { CertificateTable, Tx } from '../database.ts'

export interface HeldCertificate {
  id: string
  typeCode: string
  unitId: string
  sealedLine: Buffer
  isRevoked: boolean
  isMissing: boolean
}

async function change(
  tx: Tx,
  { patientId, sourceId }: Owner,
  journalId: string,
  values: Updateable<CertificateTable>,
): Promise<void> {
  await tx
    .updateTable('certificate')
    .set(values)
    .where('patient_id', '=', patientId)
    .where('source_id', '=', sourceId)
    .where('journal_id', '=', journalId)
    .execute()
}

/** What a push must know of the copies that there are, and changes of them. */
export const pushedRepository = {
  /** Lets one push of an id through at a time, whoever’s it is. */
  async lock(tx: Tx, { sourceId }: Owner, journalId: string): Promise<void> {
    const name = JSON.stringify([sourceId, journalId])
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
  },

  async isAnothers(tx: Tx, { patientId, sourceId }: Owner, journalId: string): Promise<boolean> {
    const row = await tx
      .selectFrom('certificate')
      .select('id')
      .where('patient_id', '<>', patientId)
      .where('source_id', '=', sourceId)
      .where('journal_id', '=', journalId)
      .executeTakeFirst()
    return row !== undefined
  },

  async find(
    tx: Tx,
    { patientId, sourceId }: Owner,
    journalId: string,
  ): Promise<HeldCertificate | undefined> {
    const row = await tx
      .selectFrom('certificate')
      .select(['id', 'type_code', 'unit_id', 'sealed_line', 'revoked_at', 'missing_at'])
      .where('patient_id', '=', patientId)
      .where('source_id', '=', sourceId)
      .where('journal_id', '=', journalId)
      .executeTakeFirst()
    return (
      row && {
        id: row.id,
        typeCode: row.type_code,
        unitId: row.unit_id,
        sealedLine: row.sealed_line,
        isRevoked: row.revoked_at !== null,
        isMissing: row.missing_at !== null,
      }
    )
  },

  /** What the journal had dropped from its list and has pushed again. */
  bringBack: (tx: Tx, owner: Owner, journalId: string, expectedUntil: Date) =>
    change(tx, owner, journalId, { missing_at: null, expected_until: expectedUntil }),

  revoke: (tx: Tx, owner: Owner, journalId: string, at: Date) =>
    change(tx, owner, journalId, { revoked_at: at }),
}
