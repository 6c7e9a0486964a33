import { certificateActions } from '@minaintyg/certificate-model'
import type { CertificateActions, CertificateStatus } from '@minaintyg/certificate-model'
import type { StoredCertificate } from './stored-certificate.ts'

const newFor = 14 * 86_400_000

/** What may be done with a certificate, of recipients as its type has them; the lists and the routes ask this one function. */
export function actionsOf(
  certificate: StoredCertificate,
  infectionControl: boolean,
): CertificateActions {
  return certificateActions({
    type: certificate.type,
    readable: certificate.readable,
    revoked: certificate.revokedAt !== null,
    replaced: certificate.replaced,
    complemented: certificate.complemented,
    infectionControl,
  })
}

/** How a certificate stands, in the order in which a list shows it. */
export function statusesOf(certificate: StoredCertificate, now: Date): CertificateStatus[] {
  const { issuedAt, revokedAt, replaced, sentAt, sentByCareAt } = certificate
  const sent = sentAt !== null || sentByCareAt !== null
  const age = issuedAt === null ? Infinity : now.getTime() - issuedAt.getTime()
  const statuses: CertificateStatus[] = []
  if (revokedAt !== null) statuses.push('revoked')
  if (replaced) statuses.push('replaced')
  if (age < newFor) statuses.push('new')
  if (sent) statuses.push('sent')
  // Of the authority of its type: that another could have it too asks nothing of the patient. Nothing that is sent depends on infection control; it decides over hiding alone.
  else if (actionsOf(certificate, false).send.allowed) statuses.push('notSent')
  return statuses
}
