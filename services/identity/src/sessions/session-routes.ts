import {
  RequestSessionToken,
  SessionEnded,
  SessionReference,
  SessionState,
  SessionToken,
  scopes,
} from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { Audit } from '../audit/audit.ts'
import type { RelyingParty } from '../log-ins/relying-party.ts'
import type { PatientTokens } from '../tokens/patient-tokens.ts'
import { describe } from './session-model.ts'
import type { SessionRepository } from './session-repository.ts'
import type { Sessions } from './sessions.ts'

interface Deps {
  sessions: Sessions
  repository: SessionRepository
  patientTokens: PatientTokens
  relyingParty: RelyingParty
  audit: Audit
  now: () => Date
}

const problems = { '4xx': problemResponse, '5xx': problemResponse }
const config = { access: scopes.sessions }

export function sessionRoutes(deps: Deps) {
  const { sessions, repository, patientTokens, relyingParty, audit, now } = deps
  return async (app: Server): Promise<void> => {
    app.post('/session-tokens', {
      config,
      schema: {
        operationId: 'requestSessionToken',
        body: RequestSessionToken,
        response: { 201: SessionToken, ...problems },
      },
      handler: async ({ body, caller }, reply) => {
        const { audience } = body
        const session = await sessions.use(body.session)
        const token = await patientTokens.issue({ session, audience, clientId: caller.clientId })
        return reply.code(201).send({ ...token, patientId: session.patientId })
      },
    })

    app.post('/sessions/introspections', {
      config,
      schema: {
        operationId: 'introspectSession',
        body: SessionReference,
        response: { 200: SessionState, ...problems },
      },
      handler: async ({ body }) => describe(await sessions.find(body.session), now()),
    })

    app.post('/sessions/extensions', {
      config,
      schema: {
        operationId: 'extendSession',
        body: SessionReference,
        response: { 200: SessionState, ...problems },
      },
      handler: async ({ body }) => describe(await sessions.extend(body.session), now()),
    })

    app.post('/sessions/terminations', {
      config,
      schema: {
        operationId: 'endSession',
        body: SessionReference,
        response: { 200: SessionEnded, ...problems },
      },
      handler: async ({ body, trace: { traceId } }) => {
        const ended = await repository.end(body.session, now())
        if (ended !== undefined) {
          await audit.note({ event: 'log-out', reason: 'patient', ...ended, traceId })
        }
        const hint = await repository.findHint(body.session)
        return { endSessionUrl: hint === undefined ? null : await relyingParty.endSessionUrl(hint) }
      },
    })
  }
}
