import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  cursorInvalid: { code: 'cursor.invalid', status: 400, title: 'The cursor is not valid' },
  consentRequired: { code: 'consent.required', status: 403, title: 'Consent has not been given' },
  dispatchNotFound: { code: 'dispatch.not-found', status: 404, title: 'No such dispatch' },
  notAcceptable: {
    code: 'document.not-acceptable',
    status: 406,
    title: 'The document cannot be had in that form',
  },
  alreadySent: {
    code: 'dispatch.already-sent',
    status: 409,
    title: 'The certificate has been sent to this recipient',
  },
  notCancellable: {
    code: 'dispatch.not-cancellable',
    status: 409,
    title: 'The dispatch can no longer be taken back',
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
  versionTooOld: {
    code: 'certificate.version-too-old',
    status: 409,
    title: 'The recipient no longer takes this version of the certificate',
  },
  certificateUnreadable: {
    code: 'certificate.unreadable',
    status: 409,
    title: 'The certificate could not be read and cannot be sent',
  },
  certificateNotSendable: {
    code: 'certificate.not-sendable',
    status: 409,
    title: 'The certificate cannot be sent',
  },
  documentChanged: {
    code: 'document.changed',
    status: 409,
    title: 'The document is no longer the one that was sent',
  },
  dispatchRevoked: {
    code: 'dispatch.revoked',
    status: 410,
    title: 'The dispatch has been revoked',
  },
  certificateRevoked: {
    code: 'certificate.revoked',
    status: 410,
    title: 'The certificate has been revoked',
  },
  documentGone: { code: 'document.gone', status: 410, title: 'The document is no longer kept' },
  recipientNotAccepted: {
    code: 'recipient.not-accepted',
    status: 422,
    title: 'The certificate cannot be sent to this recipient',
  },
  idempotencyKeyReused: {
    code: 'dispatch.idempotency-key-reused',
    status: 422,
    title: 'The Idempotency-Key has been used for another request',
  },
  dispatchBusy: {
    code: 'dispatch.busy',
    status: 503,
    title: 'The dispatch is being delivered at this very moment',
  },
  consentUnavailable: {
    code: 'consent.unavailable',
    status: 503,
    title: 'It cannot be found out whether consent has been given',
  },
} as const satisfies Record<string, ErrorDefinition>
