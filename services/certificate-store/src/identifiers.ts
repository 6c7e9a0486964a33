import { createHmac, hkdfSync } from 'node:crypto'
import { toVerificationId } from './verifications/verification-id.ts'

/** The wire says no more of which certificate it is than this. */
export interface JournalCertificate {
  patientId: string
  /** As types are written here. */
  typeCode: string
  journalId: string
}

/** What is derived with the one key of this service that never changes. */
export interface Identifiers {
  /**
   * The id that a certificate has in Mina intyg: the same from every journal and after every erasure, so that what was
   * sent before is known as sent after. Without the key it says nothing of the patient or of the journal's id.
   */
  certificateId(certificate: JournalCertificate): string
  /** What stands on a copy: the same for the same copy, and nobody guesses it, or another from one. 128 bits. */
  verificationId(copy: { certificateId: string; adapted: boolean }): string
  /** Makes what a client hands back recognizable as ours. 16 bytes. */
  sign(value: string): Buffer
}

/** RFC 9562: version 8, whose bits are the application's own. */
function toUuid(bytes: Buffer): string {
  const own = Buffer.from(bytes.subarray(0, 16))
  own[6] = ((own[6] ?? 0) & 0x0f) | 0x80
  own[8] = ((own[8] ?? 0) & 0x3f) | 0x80
  const hex = own.toString('hex')
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map((part) => hex.slice(...part))
    .join('-')
}

/** @param identifierKey base64 */
export function createIdentifiers(identifierKey: string): Identifiers {
  const secret = Buffer.from(identifierKey, 'base64')
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', use, 32))
  const [idKey, signingKey] = [keyFor('certificate id'), keyFor('cursor')]
  const verificationKey = keyFor('verification of copies')
  const hmac = (key: Buffer, value: string) => createHmac('sha256', key).update(value).digest()
  return {
    certificateId: ({ patientId, typeCode, journalId }) =>
      toUuid(hmac(idKey, JSON.stringify([patientId, typeCode, journalId]))),
    verificationId: ({ certificateId, adapted }) =>
      toVerificationId(hmac(verificationKey, JSON.stringify([certificateId, adapted]))),
    sign: (value) => hmac(signingKey, value).subarray(0, 16),
  }
}
