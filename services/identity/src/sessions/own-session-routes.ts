import Type from 'typebox'
import { SessionList, SessionsEnded, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { problemResponse } from '@minaintyg/service'
import type { Caller, Server } from '@minaintyg/service'
import type { Audit } from '../audit/audit.ts'
import { errors } from '../errors.ts'
import { isLive } from './session-model.ts'
import type { Session } from './session-model.ts'
import type { SessionRepository } from './session-repository.ts'
import type { Sessions } from './sessions.ts'

interface Deps {
  sessions: Sessions
  repository: SessionRepository
  audit: Audit
  now: () => Date
}

const problems = { '4xx': problemResponse, '5xx': problemResponse }
const config = { access: scopes.patient }

const toItem = (session: Session, current: Session) => ({
  id: session.id,
  createdAt: session.createdAt.toISOString(),
  lastSeenAt: session.lastUsedAt.toISOString(),
  current: session.id === current.id,
  loa: session.acr,
})

/** A patient's own sessions, wherever they are logged in. */
export function ownSessionRoutes({ sessions, repository, audit, now }: Deps) {
  /** A token outlives its session by minutes; it must not end others' meanwhile. */
  async function currentOf({ subject, sid }: Caller): Promise<Session> {
    const session = sid === undefined ? undefined : await sessions.requireLive(sid)
    if (session?.patientId !== subject) throw new AppError(errors.sessionExpired)
    return session
  }
  const listLive = async (patientId: string) =>
    (await repository.listOf(patientId)).filter((session) => isLive(session, now()))

  async function end(patientId: string, ids: readonly string[], traceId: string) {
    const ended = await repository.endOf(patientId, ids, now())
    for (const each of ended) {
      await audit.note({ event: 'session-ended', reason: 'patient', ...each, traceId })
    }
    return ended.length
  }

  return async (app: Server): Promise<void> => {
    app.get('/sessions', {
      config,
      schema: { operationId: 'listSessions', response: { 200: SessionList, ...problems } },
      handler: async ({ caller }) => {
        const current = await currentOf(caller)
        const live = await listLive(current.patientId)
        return { items: live.map((session) => toItem(session, current)) }
      },
    })

    app.delete('/sessions', {
      config,
      schema: { operationId: 'endOtherSessions', response: { 200: SessionsEnded, ...problems } },
      handler: async ({ caller, trace }) => {
        const { id: currentId, patientId } = await currentOf(caller)
        const others = (await listLive(patientId)).filter(({ id }) => id !== currentId)
        const ids = others.map(({ id }) => id)
        return { ended: await end(patientId, ids, trace.traceId) }
      },
    })

    app.delete('/sessions/:sessionId', {
      config,
      schema: {
        operationId: 'endOwnSession',
        params: Type.Object({ sessionId: Type.String({ format: 'uuid' }) }),
        response: { 204: Type.Null(), ...problems },
      },
      handler: async ({ caller, params, trace }, reply) => {
        const { patientId } = await currentOf(caller)
        const live = (await listLive(patientId)).some(({ id }) => id === params.sessionId)
        const ended = live ? await end(patientId, [params.sessionId], trace.traceId) : 0
        if (ended === 0) throw new AppError(errors.sessionNotFound)
        return reply.code(204).send(null)
      },
    })
  }
}
