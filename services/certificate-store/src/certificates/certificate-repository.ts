import { sql } from 'kysely'
import type { Kysely, Selectable } from 'kysely'
import type { CertificateTable, Database } from '../database.ts'
import type { PatientKeyRepository } from '../copies/patient-key-repository.ts'
import { openContent, openDocument, openLine } from '../copies/sealed-parts.ts'
import type { CertificateContent, CertificateLine } from '../copies/sealed-parts.ts'

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
  document: { sha256: string; size: number } | null
}

export interface ListedCertificate extends StoredCertificate {
  /** Opened only for what is shown. */
  line: () => CertificateLine
}

export interface WholeCertificate extends StoredCertificate {
  line: CertificateLine
  content: CertificateContent
}

const columns = [
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
  'document_sha256',
  'document_size',
] as const
type Row = Pick<Selectable<CertificateTable>, (typeof columns)[number]> & { sent_at: Date | null }

const toCertificate = (row: Row): StoredCertificate => ({
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
  document:
    row.document_sha256 === null || row.document_size === null
      ? null
      : { sha256: row.document_sha256, size: row.document_size },
})

const sentAt = sql<Date | null>`(
  select min(coalesce(d.delivered_at, d.received_at)) from certificate_dispatch d
  where d.certificate_id = certificate.id and d.patient_id = certificate.patient_id
)`.as('sent_at')

/** Reads of a patient's copies. Whose they are is a predicate of every one of them. */
export function createCertificateRepository(db: Kysely<Database>, keys: PatientKeyRepository) {
  const select = (patientId: string) =>
    db
      .selectFrom('certificate')
      .innerJoin('patient_key', 'patient_key.patient_id', 'certificate.patient_id')
      .select(columns.map((column) => `certificate.${column}` as const))
      .select(['patient_key.sealed_key', sentAt])
      .where('certificate.patient_id', '=', patientId)

  return {
    /** All that the patient has, and no journal has taken away. */
    async list(patientId: string): Promise<ListedCertificate[]> {
      const rows = await select(patientId)
        .select('certificate.sealed_line')
        .where('certificate.missing_at', 'is', null)
        .execute()
      const [first] = rows
      if (first === undefined) return []
      const key = keys.open(patientId, first.sealed_key)
      return rows.map((row) => {
        const certificate = toCertificate(row)
        return { ...certificate, line: () => openLine(key, row.sealed_line, certificate) }
      })
    },

    /** One of the patient's, whole; undefined also where it is another's. */
    async find(patientId: string, id: string): Promise<WholeCertificate | undefined> {
      const row = await select(patientId)
        .select(['certificate.sealed_line', 'certificate.sealed_content'])
        .where('certificate.id', '=', id)
        .where('certificate.missing_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const key = keys.open(patientId, row.sealed_key)
      const certificate = toCertificate(row)
      return {
        ...certificate,
        line: openLine(key, row.sealed_line, certificate),
        content: openContent(key, row.sealed_content, certificate),
      }
    },

    /** The journal's own bytes, also of what the journal no longer lists. */
    async findDocument(patientId: string, id: string) {
      const row = await select(patientId)
        .select('certificate.sealed_document')
        .where('certificate.id', '=', id)
        .executeTakeFirst()
      if (row?.sealed_document == null) return undefined
      const certificate = toCertificate(row)
      const key = keys.open(patientId, row.sealed_key)
      return { certificate, bytes: openDocument(key, row.sealed_document, certificate) }
    },
  }
}
export type CertificateRepository = ReturnType<typeof createCertificateRepository>
