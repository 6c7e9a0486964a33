import type { RefusalReason } from '@minaintyg/certificate-model'
import { sharedErrors } from '@minaintyg/contracts'
import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  consentRequired: sharedErrors.consentRequired,
  consentUnavailable: sharedErrors.consentUnavailable,
  certificateRevoked: sharedErrors.certificateRevoked,
  certificateReplaced: sharedErrors.certificateReplaced,
  certificateComplemented: sharedErrors.certificateComplemented,
  certificateUnreadable: sharedErrors.certificateUnreadable,
  versionTooOld: sharedErrors.certificateVersionTooOld,
  cursorInvalid: sharedErrors.cursorInvalid,
  certificateNotFound: {
    code: 'certificate.not-found',
    status: 404,
    title: 'There is no such certificate',
  },
  recipientNone: {
    code: 'recipient.none',
    status: 409,
    title: 'There is nobody to send this certificate to',
  },
  verificationOff: {
    code: 'verification.off',
    status: 404,
    title: 'Copies on paper are not verified here',
  },
  keysUnavailable: {
    code: 'keys.unavailable',
    status: 503,
    title: 'The certificates are locked for the moment',
  },
  accessLogUnavailable: {
    code: 'access-log.unavailable',
    status: 503,
    title: 'The access could not be logged, so it was not given',
  },
} as const satisfies Record<string, ErrorDefinition>

/** The error that goes with a reason why an action is refused. */
export const refusals: Record<RefusalReason, ErrorDefinition> = {
  'certificate.revoked': errors.certificateRevoked,
  'certificate.replaced': errors.certificateReplaced,
  'certificate.complemented': errors.certificateComplemented,
  'certificate.unreadable': errors.certificateUnreadable,
  'certificate.version-too-old': errors.versionTooOld,
  'recipient.none': errors.recipientNone,
}
