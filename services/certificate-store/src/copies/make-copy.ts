import { sha256Hex } from '@minaintyg/crypto'
import type { Certificate } from '@minaintyg/certificate-model'
import type { CertificateTable } from '../database.ts'
import type { Identifiers } from '../identifiers.ts'
import type { JournalEntry } from '../journals/journal-client.ts'
import type { ParsedCertificate, UnreadableCertificate } from '../rivta/parsed-certificate.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import { certificateFromDocument } from '../structure/certificate-from-document.ts'
import { structureCertificate } from '../structure/structure-certificate.ts'
import { relationsOf, revokedAt, sentByCareAt } from './copy-model.ts'
import type { CopyRelation } from './copy-model.ts'
import { sealContent, sealDocument, sealLine } from './sealed-parts.ts'
import type { CertificateContent, CertificateLine, CopyIdentity } from './sealed-parts.ts'

/** A journal's entry under the id that it has in its journal. */
export interface NamedEntry extends JournalEntry {
  journalId: string
  fingerprint: string
  /** The id is not what other journals know it by. */
  alone?: boolean
}

/** A copy as it is written to the database. */
export interface Copy {
  row: CertificateTable
  relations: CopyRelation[]
}

export interface CopyFacts {
  patientId: string
  sourceId: string
  sourceName: string
  dataKey: Buffer
  identifiers: Identifiers
  catalogue: Catalogue
  seenAt: Date
}

const unreadableName = {
  sv: 'Intyg som inte kan visas',
  en: 'Certificate that cannot be shown',
}

function readableLine(views: Record<'sv' | 'en', Certificate>): CertificateLine {
  const { sv, en } = views
  return {
    typeName: { sv: sv.type.name, en: en.type.name },
    issuer: { name: sv.issuer.name },
    unit: { id: sv.unit.id, name: sv.unit.name },
    careProvider: sv.careProvider,
    period: sv.period,
    summary: { sv: sv.summary, en: en.summary },
  }
}

const unreadableLine: CertificateLine = {
  typeName: unreadableName,
  issuer: { name: '' },
  unit: { id: '', name: '' },
  careProvider: { id: '', name: '' },
  period: null,
  summary: { sv: null, en: null },
}

const identityOf = ({ patientId, sourceId }: CopyFacts, journalId: string): CopyIdentity => ({
  patientId,
  sourceId,
  journalId,
})

function certificateIdOf(
  facts: CopyFacts,
  { journalId, alone = false }: NamedEntry,
  typeCode: string,
) {
  const { identifiers, patientId, sourceId } = facts
  const known = alone ? JSON.stringify([sourceId, journalId]) : journalId
  return identifiers.certificateId({ patientId, typeCode, journalId: known })
}

function sealed(
  facts: CopyFacts,
  named: NamedEntry,
  line: CertificateLine,
  content: CertificateContent,
) {
  const identity = identityOf(facts, named.journalId)
  return {
    patient_id: facts.patientId,
    source_id: facts.sourceId,
    journal_id: named.journalId,
    fingerprint: named.fingerprint,
    sealed_line: sealLine(facts.dataKey, line, identity),
    sealed_content: sealContent(facts.dataKey, content, identity),
    stored_at: facts.seenAt,
    replaced: false,
    complemented: false,
    archived_at: named.archived ? facts.seenAt : null,
    restored_at: null,
    missing_at: null,
    expected_until: null,
    leads: true,
  }
}

/** A certificate as lists and readers see it, with the catalogue's words laid on it. */
export function structuredParts(
  parsed: ParsedCertificate,
  { sourceId, sourceName, catalogue }: Pick<CopyFacts, 'sourceId' | 'sourceName' | 'catalogue'>,
): { line: CertificateLine; content: CertificateContent } {
  const source = { id: sourceId, name: sourceName }
  const view = (language: 'sv' | 'en') =>
    certificateFromDocument(parsed, { language, source, catalogue })
  const certificates = { sv: view('sv'), en: view('en') }
  const { infectionControl } = structureCertificate(parsed, { language: 'sv', catalogue }).facts
  return { line: readableLine(certificates), content: { certificates, infectionControl } }
}

function copyOfReadable(facts: CopyFacts, named: NamedEntry, parsed: ParsedCertificate): Copy {
  const { seenAt } = facts
  const { line, content } = structuredParts(parsed, facts)
  const issuedAt = parsed.signedAt === null ? null : new Date(parsed.signedAt)
  const row: CertificateTable = {
    ...sealed(facts, named, line, content),
    id: certificateIdOf(facts, named, parsed.type.code),
    type_code: parsed.type.code,
    type_version: parsed.version,
    unit_id: parsed.unit.id,
    issued_at: issuedAt,
    listed_at: issuedAt ?? seenAt,
    readable: true,
    revoked_at: revokedAt(parsed, seenAt),
    sent_by_care_at: sentByCareAt(parsed, seenAt),
    document_sha256: sha256Hex(parsed.document),
    document_size: parsed.document.length,
    sealed_document: sealDocument(
      facts.dataKey,
      parsed.document,
      identityOf(facts, named.journalId),
    ),
  }
  return { row, relations: relationsOf(parsed) }
}

function copyOfUnreadable(facts: CopyFacts, named: NamedEntry, entry: UnreadableCertificate): Copy {
  const content = { certificates: null, infectionControl: false }
  const typeCode = entry.type ?? 'UNKNOWN'
  const row: CertificateTable = {
    ...sealed(facts, named, unreadableLine, content),
    id: certificateIdOf(facts, named, typeCode),
    type_code: typeCode,
    type_version: '',
    unit_id: '',
    issued_at: null,
    listed_at: facts.seenAt,
    readable: false,
    revoked_at: null,
    sent_by_care_at: null,
    document_sha256: null,
    document_size: null,
    sealed_document: null,
  }
  return { row, relations: [] }
}

/** Lays labels on a journal's entry and seals it with the patient's key. */
export function makeCopy(facts: CopyFacts, named: NamedEntry): Copy {
  const { entry } = named
  return entry.readable
    ? copyOfReadable(facts, named, entry)
    : copyOfUnreadable(facts, named, entry)
}

/**
 * The same, and an entry that could not be shown where a certificate was read and cannot be made a copy of: that is a fault
 * of ours, for which the rest of the journal's answer must not be missing.
 */
export function makeCopyOfAny(facts: CopyFacts, named: NamedEntry): Copy & { fault?: unknown } {
  try {
    return makeCopy(facts, named)
  } catch (fault) {
    const { entry } = named
    const { id } = entry
    const type = entry.readable ? entry.type.code : entry.type
    // Under no fingerprint, so that it is tried anew when the journal answers next.
    const unnamed = { ...named, fingerprint: '' }
    return { ...copyOfUnreadable(facts, unnamed, { readable: false, id, type }), fault }
  }
}
