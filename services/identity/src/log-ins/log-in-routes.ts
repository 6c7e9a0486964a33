import {
  CompleteLogIn,
  LogInCompleted,
  LogInStarted,
  StartLogIn,
  scopes,
} from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { CompleteLogIn as Complete } from './complete-log-in.ts'
import type { LogInRepository } from './log-in-repository.ts'
import type { RelyingParty } from './relying-party.ts'

interface Deps {
  relyingParty: RelyingParty
  logIns: LogInRepository
  completeLogIn: Complete
  now: () => Date
}

const problems = { '4xx': problemResponse, '5xx': problemResponse }
const config = { access: scopes.sessions }

export function logInRoutes({ relyingParty, logIns, completeLogIn, now }: Deps) {
  return async (app: Server): Promise<void> => {
    app.post('/log-ins', {
      config,
      schema: {
        operationId: 'startLogIn',
        body: StartLogIn,
        response: { 201: LogInStarted, ...problems },
      },
      handler: async ({ body: { returnTo } }, reply) => {
        const begunAt = now()
        const { authorizationUrl, secrets } = await relyingParty.begin()
        const logInId = await logIns.insert({ ...secrets, returnTo, begunAt })
        return reply.code(201).send({ logInId, authorizationUrl })
      },
    })

    app.post('/log-ins/completions', {
      config,
      schema: {
        operationId: 'completeLogIn',
        body: CompleteLogIn,
        response: { 201: LogInCompleted, ...problems },
      },
      handler: async ({ body: { logInId, parameters }, log }, reply) => {
        try {
          const { id, token, expiresAt, acr, returnTo } = await completeLogIn(logInId, parameters)
          log.info({ event: 'log-in', outcome: 'ok', acr, sid: id }, 'audit')
          return await reply.code(201).send({
            session: token,
            returnTo,
            absoluteExpiry: expiresAt.toISOString(),
          })
        } catch (error) {
          const reason = error instanceof AppError ? error.code : 'service.failed'
          log.info({ event: 'log-in', outcome: 'failed', reason }, 'audit')
          throw error
        }
      },
    })
  }
}
