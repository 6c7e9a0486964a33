import type { XmlElement } from './xml.ts'

/** What stands in a delsvar, as written: nothing is interpreted yet. */
export type AnswerContent =
  | { kind: 'text'; text: string }
  | {
      kind: 'code'
      code: string
      system: string
      displayName: string | null
      originalText: string | null
    }
  | { kind: 'period'; start: string | null; end: string | null }
  | { kind: 'date'; value: string }
  | { kind: 'quantity'; value: string; unit: string | null }
  | { kind: 'other'; element: XmlElement }

export interface AnswerPart {
  /** Id of the delsvar: 6.2 */
  id: string
  contents: AnswerContent[]
}

/** One svar; a repeated question comes as several with the same id. */
export interface Answer {
  id: string
  instance: number | null
  parts: AnswerPart[]
}

export interface Identifier {
  root: string
  extension: string
}

export interface ParsedUnit {
  id: string
  name: string
  address: string | null
  postalCode: string | null
  city: string | null
  telephone: string | null
  email: string | null
}

/** A certificate as it came, in any of the formats, before labels and types are laid on it. */
export interface ParsedCertificate {
  readable: true
  format: 'intyg' | 'fk7263' | 'ts'
  id: Identifier
  type: { code: string; wireCode: string; system: string | null; displayName: string | null }
  version: string
  /** UTC, RFC 3339; null where the document has no such time. */
  signedAt: string | null
  sentAt: string | null
  issuer: { id: string | null; name: string; titles: string[]; specialities: string[] }
  unit: ParsedUnit
  careProvider: { id: string; name: string }
  patient: { personId: Identifier | null; name: string | null }
  relations: { kind: string; id: Identifier }[]
  statuses: { part: string; status: string; at: string | null }[]
  answers: Answer[]
  /** What the certificate holds beside its header and answers; all of it in the old formats. */
  otherContent: XmlElement[]
  /** A document of its own, see standaloneDocument. */
  document: Uint8Array
}

/** A certificate among others that could not be made sense of. */
export interface UnreadableCertificate {
  readable: false
  id: Identifier | null
  type: string | null
}

export type ParsedEntry = ParsedCertificate | UnreadableCertificate
