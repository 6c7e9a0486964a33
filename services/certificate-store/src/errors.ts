import type { RefusalReason } from '@minaintyg/certificate-model'
import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  consentRequired: {
    code: 'consent.required',
    status: 403,
    title: 'The patient has not given consent',
  },
  consentUnavailable: {
    code: 'consent.unavailable',
    status: 503,
    title: 'It cannot be seen whether there is consent',
  },
  certificateNotFound: {
    code: 'certificate.not-found',
    status: 404,
    title: 'There is no such certificate',
  },
  certificateRevoked: {
    code: 'certificate.revoked',
    status: 410,
    title: 'The certificate has been revoked',
  },
  certificateReplaced: {
    code: 'certificate.replaced',
    status: 409,
    title: 'The certificate has been replaced by another',
  },
  certificateComplemented: {
    code: 'certificate.complemented',
    status: 409,
    title: 'The certificate has been complemented by another',
  },
  certificateUnreadable: {
    code: 'certificate.unreadable',
    status: 409,
    title: 'The certificate came in a form that cannot be read',
  },
  versionTooOld: {
    code: 'certificate.version-too-old',
    status: 409,
    title: 'The recipient takes this version no longer',
  },
  recipientNone: {
    code: 'recipient.none',
    status: 409,
    title: 'There is nobody to send this certificate to',
  },
  cursorInvalid: { code: 'cursor.invalid', status: 400, title: 'The cursor is not valid' },
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
