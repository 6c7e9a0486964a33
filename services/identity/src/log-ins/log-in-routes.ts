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
import type { Audit } from '../audit/audit.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { CompleteLogIn as Complete } from './complete-log-in.ts'
import type { LogInRepository } from './log-in-repository.ts'
import { patientsInConflict, reasonBehind } from './refusal.ts'
import type { RelyingParty } from './relying-party.ts'

interface Deps {
  relyingParty: RelyingParty
  logIns: LogInRepository
  completeLogIn: Complete
  sessions: Sessions
  audit: Audit
  now: () => Date
}

function reasonOf(error: unknown): { reason: string; detail?: string } {
  const reason = error instanceof AppError ? error.code : 'service.failed'
  const detail = reasonBehind(error)
  return detail === undefined ? { reason } : { reason, detail }
}

const problems = { '4xx': problemResponse, '5xx': problemResponse }
const config = { access: scopes.sessions }

export function logInRoutes(deps: Deps) {
  const { relyingParty, logIns, completeLogIn, sessions, audit, now } = deps
  return async (app: Server): Promise<void> => {
    app.post('/log-ins', {
      config,
      schema: {
        operationId: 'startLogIn',
        body: StartLogIn,
        response: { 201: LogInStarted, ...problems },
      },
      handler: async ({ body: { returnTo, session } }, reply) => {
        const begunAt = now()
        const { authorizationUrl, secrets } = await relyingParty.begin()
        const current = session === undefined ? undefined : await sessions.find(session)
        const replaced = current === undefined ? {} : { replaces: current.id }
        const logInId = await logIns.insert({ ...secrets, ...replaced, returnTo, begunAt })
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
      handler: async ({ body: { logInId, parameters }, log, trace: { traceId } }, reply) => {
        try {
          const { id, token, expiresAt, acr, returnTo } = await completeLogIn(
            logInId,
            parameters,
            traceId,
          )
          log.info({ event: 'log-in', acr, sid: id }, 'audit')
          return await reply.code(201).send({
            session: token,
            returnTo,
            absoluteExpiry: expiresAt.toISOString(),
          })
        } catch (error) {
          const patientIds = patientsInConflict(error)
          if (patientIds.length > 0) {
            log.error({ patientIds, traceId }, 'one person has the numbers of several patients')
          }
          await audit.note({ event: 'log-in-failed', ...reasonOf(error), traceId })
          throw error
        }
      },
    })
  }
}
