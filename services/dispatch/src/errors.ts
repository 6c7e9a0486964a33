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
  dispatchNotFound: { code: 'dispatch.not-found', status: 404, title: 'No such dispatch' },
  notAcceptable: {
    code: 'document.not-acceptable',
    status: 406,
    title: 'The document cannot be had in that form',
  },
  rangeNotSatisfiable: {
    code: 'document.range-not-satisfiable',
    status: 416,
    title: 'The document has no such bytes',
    detail: 'Ask again without Range, or within the size that Content-Range says.',
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
} as const satisfies Record<string, ErrorDefinition>
