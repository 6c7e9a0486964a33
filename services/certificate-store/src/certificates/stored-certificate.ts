import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { CertificateTable } from '../database.ts'

/** A stored certificate without what is sealed of it. */
export interface StoredCertificate {
  id: string
  patientId: string
  sourceId: string
  journalId: string
  type: { code: string; version: string }
  unitId: string
  issuedAt: Date | null
  listedAt: Date
  readable: boolean
  revokedAt: Date | null
  sentByCareAt: Date | null
  /** Through Mina intyg. */
  sentAt: Date | null
  replaced: boolean
  complemented: boolean
  archivedAt: Date | null
  restoredAt: Date | null
}

export const columns = [
  'id',
  'patient_id',
  'source_id',
  'journal_id',
  'type_code',
  'type_version',
  'unit_id',
  'issued_at',
  'listed_at',
  'readable',
  'revoked_at',
  'sent_by_care_at',
  'replaced',
  'complemented',
  'archived_at',
  'restored_at',
] as const
export type Row = Pick<Selectable<CertificateTable>, (typeof columns)[number]> & {
  sent_at: Date | null
}

export const toCertificate = (row: Row): StoredCertificate => ({
  id: row.id,
  patientId: row.patient_id,
  sourceId: row.source_id,
  journalId: row.journal_id,
  type: { code: row.type_code, version: row.type_version },
  unitId: row.unit_id,
  issuedAt: row.issued_at,
  listedAt: row.listed_at,
  readable: row.readable,
  revokedAt: row.revoked_at,
  sentByCareAt: row.sent_by_care_at,
  sentAt: row.sent_at,
  replaced: row.replaced,
  complemented: row.complemented,
  archivedAt: row.archived_at,
  restoredAt: row.restored_at,
})

export const sentAt = sql<Date | null>`(
  select min(coalesce(d.delivered_at, d.received_at)) from certificate_dispatch d
  where d.certificate_id = certificate.id and d.patient_id = certificate.patient_id
)`.as('sent_at')
