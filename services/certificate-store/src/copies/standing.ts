import { sql } from 'kysely'
import type { Owner } from './copy-repository.ts'
import type { Tx } from '../database.ts'

/** Notes which copies the journal no longer has, and which it has again. */
export async function markMissing(
  tx: Tx,
  { patientId, sourceId }: Owner,
  present: string[],
  at: Date,
) {
  await tx
    .updateTable('certificate')
    .set({
      missing_at: sql<Date | null>`case when journal_id = any(${present}) then null else ${at}::timestamptz end`,
    })
    .where('patient_id', '=', patientId)
    .where('source_id', '=', sourceId)
    .where(sql<boolean>`(journal_id = any(${present})) = (missing_at is not null)`)
    .execute()
}

/** What newer certificates make of older ones, over all of the patient's; revoked ones make nothing. */
export async function markSuperseded(tx: Tx, patientId: string): Promise<void> {
  await sql`
    with standing as (
      select id,
        exists (select from certificate_relation r join certificate n on n.id = r.certificate_id
          where r.patient_id = c.patient_id and r.to_journal_id = c.journal_id and r.kind = 'replaces'
            and n.revoked_at is null and n.missing_at is null) as replaced,
        exists (select from certificate_relation r join certificate n on n.id = r.certificate_id
          where r.patient_id = c.patient_id and r.to_journal_id = c.journal_id and r.kind = 'complements'
            and n.revoked_at is null and n.missing_at is null) as complemented
      from certificate c where c.patient_id = ${patientId}
    )
    update certificate c set replaced = s.replaced, complemented = s.complemented
    from standing s
    where c.id = s.id and (c.replaced, c.complemented) is distinct from (s.replaced, s.complemented)
  `.execute(tx)
}

export async function markFetched(tx: Tx, { patientId, sourceId }: Owner, at: Date): Promise<void> {
  await tx
    .insertInto('journal_fetch')
    .values({ patient_id: patientId, source_id: sourceId, fetched_at: at })
    .onConflict((conflict) =>
      conflict.columns(['patient_id', 'source_id']).doUpdateSet({ fetched_at: at }),
    )
    .execute()
}
