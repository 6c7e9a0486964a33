import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, WireRelationKind } from '../database.ts'

export interface RelatedCertificate {
  kind: WireRelationKind
  /** Which of the two is the other one. */
  direction: 'older' | 'newer'
  certificateId: string
  /** When the newer of the two was issued. */
  at: Date | null
}

/** Certificates of the same patient that one points at, or that point at it. */
export function createFindRelated(db: Kysely<Database>) {
  return async (patientId: string, id: string): Promise<RelatedCertificate[]> => {
    const { rows } = await sql<{
      kind: WireRelationKind
      direction: 'older' | 'newer'
      certificate_id: string
      at: Date | null
    }>`
      select r.kind, 'older' as direction, o.id as certificate_id, c.issued_at as at
      from certificate c
        join certificate_relation r on r.patient_id = c.patient_id and r.source_id = c.source_id
          and r.journal_id = c.journal_id
        join certificate o on o.patient_id = c.patient_id and o.journal_id = r.to_journal_id
      where c.patient_id = ${patientId} and c.id = ${id} and c.leads and o.leads and o.id <> c.id
      union all
      select r.kind, 'newer', n.id, n.issued_at
      from certificate c
        join certificate_relation r on r.patient_id = c.patient_id and r.to_journal_id = c.journal_id
        join certificate n on n.patient_id = r.patient_id and n.source_id = r.source_id
          and n.journal_id = r.journal_id
      where c.patient_id = ${patientId} and c.id = ${id} and c.leads
        and n.leads and n.revoked_at is null and n.id <> c.id
      order by at, certificate_id
    `.execute(db)
    return rows.map(({ certificate_id, ...row }) => ({ ...row, certificateId: certificate_id }))
  }
}
export type FindRelated = ReturnType<typeof createFindRelated>
