import { sql } from 'kysely'
import type { Owner } from './copy-repository.ts'
import type { Tx } from '../database.ts'
import { tellReplaced } from './tell-changes.ts'

/**
 * Notes which copies the journal no longer has, and which it has again. One that it has pushed is not missed at once:
 * lists follow later.
 */
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
      expected_until: null,
    })
    .where('patient_id', '=', patientId)
    .where('source_id', '=', sourceId)
    .where(
      sql<boolean>`case when journal_id = any(${present})
        then missing_at is not null or expected_until is not null
        else missing_at is null and (expected_until is null or expected_until <= ${at}::timestamptz) end`,
    )
    .execute()
}

/**
 * Settles which copy of each certificate leads. A revoked one does before all others: what one journal has revoked is
 * revoked, whatever another still says. Then what a journal lists, what can be read, and what came first. None leads where
 * no journal lists the certificate any more. The patient's mark, and that care has sent it, are of the certificate.
 */
async function markLeading(tx: Tx, patientId: string): Promise<void> {
  await sql`
    with copy as (
      select source_id, journal_id,
        row_number() over best = 1 and bool_or(missing_at is null) over same as leads,
        first_value(archived_at) over oldest as archived_at,
        first_value(restored_at) over oldest as restored_at,
        min(sent_by_care_at) over same as sent_by_care_at
      from certificate where patient_id = ${patientId}
      window same as (partition by id),
        oldest as (partition by id order by stored_at, source_id, journal_id),
        best as (partition by id order by revoked_at is null, missing_at is not null, not readable,
          stored_at, source_id, journal_id)
    )
    update certificate c set leads = copy.leads, archived_at = copy.archived_at,
      restored_at = copy.restored_at, sent_by_care_at = copy.sent_by_care_at
    from copy
    where c.patient_id = ${patientId} and c.source_id = copy.source_id and c.journal_id = copy.journal_id
      and (c.leads, c.archived_at, c.restored_at, c.sent_by_care_at)
        is distinct from (copy.leads, copy.archived_at, copy.restored_at, copy.sent_by_care_at)
  `.execute(tx)
}

interface Replaced {
  id: string
  replaced_by: string
}

/**
 * What newer certificates make of older ones, over all of the patient's; revoked ones make nothing.
 * @returns those that are replaced since now, and by what
 */
async function markSuperseded(tx: Tx, patientId: string): Promise<Replaced[]> {
  const newest = (kind: 'replaces' | 'complements') => sql<string | null>`(
    select n.id from certificate_relation r
      join certificate n on n.patient_id = r.patient_id and n.source_id = r.source_id and n.journal_id = r.journal_id
    where r.patient_id = c.patient_id and r.to_journal_id = c.journal_id and r.kind = ${kind}
      and n.id <> c.id and n.leads and n.revoked_at is null
    order by n.issued_at desc nulls last, n.id limit 1)`
  const { rows } = await sql<Replaced>`
    with found as (
      select id, source_id, journal_id, leads, replaced as was_replaced,
        ${newest('replaces')} as replaced_by, ${newest('complements')} as complemented_by
      from certificate c where c.patient_id = ${patientId}
    ), standing as (
      select *, replaced_by is not null as replaced, complemented_by is not null as complemented from found
    ), marked as (
      update certificate c set replaced = s.replaced, complemented = s.complemented
      from standing s
      where c.patient_id = ${patientId} and c.source_id = s.source_id and c.journal_id = s.journal_id
        and (c.replaced, c.complemented) is distinct from (s.replaced, s.complemented)
      returning c.source_id, c.journal_id
    )
    select s.id, s.replaced_by from standing s join marked m using (source_id, journal_id)
    where s.replaced and not s.was_replaced and s.leads
  `.execute(tx)
  return rows
}

/** How each of the patient's certificates stands, anew after copies have changed; what is replaced is told of. */
export async function settleStanding(tx: Tx, patientId: string, at: Date): Promise<void> {
  await markLeading(tx, patientId)
  for (const { id: certificateId, replaced_by } of await markSuperseded(tx, patientId)) {
    await tellReplaced(tx, { patientId, certificateId, at }, replaced_by)
  }
}

export async function markFetched(
  tx: Tx,
  { patientId, sourceId }: Owner,
  { at, revision }: { at: Date; revision: string },
): Promise<void> {
  const fetched = { fetched_at: at, catalogue_revision: revision }
  await tx
    .insertInto('journal_fetch')
    .values({ patient_id: patientId, source_id: sourceId, ...fetched })
    .onConflict((conflict) => conflict.columns(['patient_id', 'source_id']).doUpdateSet(fetched))
    .execute()
}
