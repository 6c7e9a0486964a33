import type { GeneratedAlways, Transaction } from 'kysely'
import type { InboxTables, OutboxTables } from '@minaintyg/messaging'

export interface PatientKeyTable {
  patient_id: string
  key_id: string
  sealed_key: Buffer
  created_at: Date
}

export interface JournalFetchTable {
  patient_id: string
  source_id: string
  fetched_at: Date
  catalogue_revision: string | null
}

export interface CertificateTable {
  id: string
  patient_id: string
  source_id: string
  journal_id: string
  type_code: string
  type_version: string
  unit_id: string
  issued_at: Date | null
  listed_at: Date
  readable: boolean
  revoked_at: Date | null
  sent_by_care_at: Date | null
  replaced: boolean
  complemented: boolean
  archived_at: Date | null
  restored_at: Date | null
  missing_at: Date | null
  expected_until: Date | null
  leads: boolean
  document_sha256: string | null
  document_size: number | null
  fingerprint: string
  sealed_line: Buffer
  sealed_content: Buffer
  sealed_document: Buffer | null
  stored_at: Date
}

export type WireRelationKind = 'replaces' | 'complements' | 'extends' | 'copyOf'

export interface CertificateRelationTable {
  patient_id: string
  source_id: string
  journal_id: string
  kind: WireRelationKind
  to_journal_id: string
}

export interface CertificateDispatchTable {
  dispatch_id: string
  certificate_id: string
  patient_id: string
  recipient_id: string
  delivered_at: Date | null
  received_at: Date | null
}

/** Copies on paper, by the hash of what stands on them. */
export interface VerificationTable {
  id_sha256: string
  patient_id: string
  certificate_id: string
  adapted: boolean
  created_at: Date
}

export interface AccessLogTable {
  position: GeneratedAlways<number>
  at: Date
  patient_id: string
  action: string
  outcome: 'allowed' | 'refused'
  /** Code of the problem that was answered. */
  reason: string | null
  purpose: 'own-access' | 'disclosure' | 'upkeep' | null
  actor_kind: 'patient' | 'recipient' | 'holder' | 'system'
  actor_id: string
  client_id: string
  session_id: string | null
  certificate_id: string | null
  type_code: string | null
  unit_id: string | null
  care_provider_id: string | null
  source_id: string | null
  dispatch_id: string | null
  trace_id: string | null
  /** Whose it is, where a patient asked for another's. */
  owner_id: string | null
}

export interface AccessLogSealTable {
  sequence: number
  position: number
  key_id: string
  hash: Buffer
}

export interface Database extends InboxTables, OutboxTables {
  patient_key: PatientKeyTable
  journal_fetch: JournalFetchTable
  certificate: CertificateTable
  certificate_relation: CertificateRelationTable
  certificate_dispatch: CertificateDispatchTable
  verification: VerificationTable
  access_log: AccessLogTable
  access_log_seal: AccessLogSealTable
  access_log_unsealed: { position: number }
}
export type Tx = Transaction<Database>
