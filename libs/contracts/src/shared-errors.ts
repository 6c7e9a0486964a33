/**
 * Problems that more than one service answers: one wording each, since a title is the same for each kind (RFC 9457, section 3.1.3).
 * They fit ErrorDefinition of libs/errors.
 */
export const sharedErrors = {
  cursorInvalid: {
    code: 'cursor.invalid',
    status: 400,
    title: 'The cursor is not valid',
    detail: 'Begin again without a cursor.',
  },
  sessionExpired: {
    code: 'session.expired',
    status: 401,
    title: 'The session has ended',
    detail: 'Log in again.',
  },
  consentRequired: {
    code: 'consent.required',
    status: 403,
    title: 'The patient has not given consent',
    detail: 'Show the consent text to the patient, and let the patient give consent first.',
  },
  consentUnavailable: {
    code: 'consent.unavailable',
    status: 503,
    title: 'It cannot be seen whether there is consent',
    detail: 'Nothing is shown until it can. Try again in a while.',
  },
  certificateReplaced: {
    code: 'certificate.replaced',
    status: 409,
    title: 'The certificate has been replaced by another',
    detail: 'It can be read on screen. Save, print or send the one that replaced it.',
  },
  certificateComplemented: {
    code: 'certificate.complemented',
    status: 409,
    title: 'The certificate has been complemented by another',
    detail: 'It can be read on screen. Save, print or send the one that complemented it.',
  },
  certificateUnreadable: {
    code: 'certificate.unreadable',
    status: 409,
    title: 'The certificate came in a form that cannot be read',
    detail: 'Tell the patient to ask the care unit that issued it.',
  },
  certificateVersionTooOld: {
    code: 'certificate.version-too-old',
    status: 409,
    title: 'The recipient no longer takes this version of the certificate',
    detail: 'Tell the patient to print it, or to ask the care unit for a new one.',
  },
  certificateRevoked: {
    code: 'certificate.revoked',
    status: 410,
    title: 'The certificate has been revoked',
    detail: 'The care unit has taken it back. Tell the patient to ask there.',
  },
} as const
