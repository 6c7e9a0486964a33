import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  returnToNotAllowed: {
    code: 'login.return-to-not-allowed',
    status: 400,
    title: 'The log-in cannot return to that address',
  },
  idempotencyKeyMissing: {
    code: 'dispatch.idempotency-key-missing',
    status: 400,
    title: 'The header Idempotency-Key is needed',
  },
  sessionRequired: { code: 'session.required', status: 401, title: 'A session is needed' },
  sessionExpired: { code: 'session.expired', status: 401, title: 'The session has ended' },
  originNotAllowed: {
    code: 'csrf.origin-not-allowed',
    status: 403,
    title: 'The call comes from a place that may not make it',
  },
  headerMissing: {
    code: 'csrf.header-missing',
    status: 403,
    title: 'The header X-Requested-With is needed',
  },
  problemNotFound: { code: 'problem.not-found', status: 404, title: 'There is no such problem' },
  tooManyRequests: {
    code: 'request.too-many',
    status: 429,
    title: 'Too many requests in a short time',
  },
} as const satisfies Record<string, ErrorDefinition>
