import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import type { IdentityClient } from '../clients/identity-client.ts'
import { changeFailures, failures, json } from '../documentation/responses.ts'
import { errors } from '../errors.ts'
import type { Cookies } from './cookies.ts'
import { requireSession } from './patient-calls.ts'

const nobody = { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }

export function sessionRoutes({
  cookies,
  identity,
}: {
  cookies: Cookies
  identity: IdentityClient
}) {
  return async (app: Server): Promise<void> => {
    app.get('/session', {
      config: { access: 'open' },
      schema: {
        operationId: 'getSession',
        tags: ['session'],
        summary: 'Whether someone is logged in, and for how long',
        description:
          'Answers 200 also when nobody is logged in, and does not extend the session: ask it as often as the page needs to warn in time.',
        response: {
          200: json('SessionState', 'The session as it is now'),
          ...failures('identity.unavailable'),
        },
      },
      handler: async (request) => {
        const session = cookies.session(request)
        return session === undefined ? nobody : identity.introspect(session, request.trace)
      },
    })

    app.post('/session/extend', {
      config: { access: 'open' },
      schema: {
        operationId: 'extendSession',
        tags: ['session'],
        summary: 'Extend the session',
        description:
          'Begins the idle time of 30 minutes anew, never beyond 8 hours after the log-in. Call it when the patient says that they are still there.',
        response: { 200: json('SessionState', 'The extended session'), ...changeFailures() },
      },
      handler: async (request) => {
        const state = await identity.extend(requireSession(cookies, request), request.trace)
        if (!state.authenticated) throw new AppError(errors.sessionExpired)
        return state
      },
    })
  }
}
