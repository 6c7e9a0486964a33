import type { Kysely } from 'kysely'
import type { PatientKeyRepository } from '../copies/patient-key-repository.ts'
import { openContent, openDocument, openLine } from '../copies/sealed-parts.ts'
import type { CertificateContent, CertificateLine } from '../copies/sealed-parts.ts'
import type { Database } from '../database.ts'
import { createListQuery } from './certificate-list-query.ts'
import { columns, sentAt, toCertificate } from './stored-certificate.ts'
import type { StoredCertificate } from './stored-certificate.ts'

export interface WholeCertificate extends StoredCertificate {
  line: CertificateLine
  content: CertificateContent
  /** What a recipient would get. */
  document: DocumentFacts | null
}

export interface DocumentFacts {
  sha256: string
  size: number
}

/** Reads of a patient's copies. Whose they are is a predicate of every one of them. */
export function createCertificateRepository(db: Kysely<Database>, keys: PatientKeyRepository) {
  const select = (patientId: string) =>
    db
      .selectFrom('certificate')
      .innerJoin('patient_key', 'patient_key.patient_id', 'certificate.patient_id')
      .select(columns.map((column) => `certificate.${column}` as const))
      .select(['patient_key.sealed_key', sentAt])
      .where('certificate.patient_id', '=', patientId)

  const firstDocument = (patientId: string, id: string) =>
    db
      .selectFrom('certificate')
      .where('certificate.patient_id', '=', patientId)
      .where('certificate.id', '=', id)
      .where('certificate.sealed_document', 'is not', null)
      .orderBy('certificate.stored_at')
      .orderBy('certificate.source_id')
      .orderBy('certificate.journal_id')
      .limit(1)

  return {
    list: createListQuery(db, keys),

    /** One of the patient's, whole; undefined also where it is another's. */
    async find(patientId: string, id: string): Promise<WholeCertificate | undefined> {
      const row = await select(patientId)
        .select(['certificate.sealed_line', 'certificate.sealed_content'])
        .where('certificate.id', '=', id)
        .where('certificate.leads', '=', true)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const document = await firstDocument(patientId, id)
        .select(['document_sha256', 'document_size'])
        .executeTakeFirst()
      const key = await keys.open(patientId, row.sealed_key)
      const certificate = toCertificate(row)
      return {
        ...certificate,
        line: openLine(key, row.sealed_line, certificate),
        content: openContent(key, row.sealed_content, certificate),
        document:
          document?.document_sha256 == null || document.document_size === null
            ? null
            : { sha256: document.document_sha256, size: document.document_size },
      }
    },

    /**
     * The bytes of the journal that gave them first, also of what no journal lists any more: what was promised to a
     * recipient by its hash stays, whichever copy leads meanwhile. Revoked is what any journal has revoked.
     */
    async findDocument(patientId: string, id: string) {
      const row = await firstDocument(patientId, id)
        .innerJoin('patient_key', 'patient_key.patient_id', 'certificate.patient_id')
        .select(columns.map((column) => `certificate.${column}` as const))
        .select(['patient_key.sealed_key', 'sealed_document', 'document_sha256', 'sealed_line'])
        .select(sentAt)
        .select((eb) =>
          eb
            .selectFrom('certificate as copy')
            .select((copy) => copy.fn.min('copy.revoked_at').as('revoked_at'))
            .where('copy.patient_id', '=', patientId)
            .where('copy.id', '=', id)
            .as('first_revoked_at'),
        )
        .executeTakeFirst()
      if (row?.sealed_document == null) return undefined
      const stored = toCertificate({ ...row, revoked_at: row.first_revoked_at })
      const key = await keys.open(patientId, row.sealed_key)
      const certificate = { ...stored, line: openLine(key, row.sealed_line, stored) }
      const bytes = openDocument(key, row.sealed_document, certificate)
      return { certificate, bytes, sha256: row.document_sha256 ?? '' }
    },
  }
}
export type CertificateRepository = ReturnType<typeof createCertificateRepository>
