import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  logInCancelled: {
    code: 'login.cancelled',
    status: 400,
    title: 'The log-in was cancelled',
  },
  loaTooLow: {
    code: 'login.loa-too-low',
    status: 403,
    title: 'The e-legitimation is not of a level that is enough',
  },
  tooYoung: {
    code: 'login.too-young',
    status: 403,
    title: 'One must be 16 to log in',
  },
  logInExpired: {
    code: 'login.expired',
    status: 400,
    title: 'The log-in has expired or was used before',
  },
  logInFailed: { code: 'login.failed', status: 400, title: 'The log-in did not succeed' },
  providerUnavailable: {
    code: 'login.provider-unavailable',
    status: 503,
    title: 'The e-legitimation does not answer',
  },
  sessionExpired: { code: 'session.expired', status: 401, title: 'The session has ended' },
  sessionNotFound: { code: 'session.not-found', status: 404, title: 'No such session' },
  audienceUnknown: {
    code: 'audience.unknown',
    status: 400,
    title: 'There is no such audience',
  },
  subjectTokenInvalid: {
    code: 'subject-token.invalid',
    status: 400,
    title: 'The token cannot be exchanged',
  },
  downloadGrantExpired: {
    code: 'download-link.expired',
    status: 410,
    title: 'The link has expired or was used before',
  },
  personNotFound: { code: 'patient.not-found', status: 404, title: 'No such patient' },
  logOutTokenInvalid: {
    code: 'logout-token.invalid',
    status: 400,
    title: 'The log-out token cannot be used',
  },
} as const satisfies Record<string, ErrorDefinition>
