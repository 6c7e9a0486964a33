import type { SendFacts } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { ErrorDefinition } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import type { Recipient, Recipients } from '../recipients/recipient-model.ts'
import type { SentDocument } from './dispatch-model.ts'

const refusals: Record<string, ErrorDefinition> = {
  'certificate.revoked': errors.certificateRevoked,
  'certificate.replaced': errors.certificateReplaced,
  'certificate.complemented': errors.certificateComplemented,
  'certificate.version-too-old': errors.versionTooOld,
  'certificate.unreadable': errors.certificateUnreadable,
  'recipient.none': errors.recipientNotAccepted,
  'recipient.not-accepted': errors.recipientNotAccepted,
}

/** @returns who gets it. @throws {AppError} that says why nobody does */
export function refuseWhatMayNotBeSent(
  recipients: Recipients,
  facts: SendFacts,
  recipientId: string,
): Recipient {
  const offer = recipients.offers(facts).find(({ recipient }) => recipient.id === recipientId)
  if (offer === undefined) {
    // What is said of the certificate says more than that it does not go there.
    const { reason = '' } = facts.send
    throw new AppError(refusals[reason] ?? errors.recipientNotAccepted)
  }
  const { recipient, reason } = offer
  if (reason !== undefined) throw new AppError(refusals[reason] ?? errors.certificateNotSendable)
  return recipient
}

/** What is to be handed out, by the projection that the recipient gets. */
export function documentFor({ projections }: Recipient, facts: SendFacts): SentDocument {
  const { document, employmentCopy } = facts
  if (!projections.includes('employment')) return { ...document, mediaType: 'application/xml' }
  if (employmentCopy === undefined) throw new AppError(errors.certificateUnreadable)
  return { ...employmentCopy, mediaType: 'application/json' }
}
