import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Server } from '@minaintyg/service'
import { passOn } from '../clients/passing-on.ts'
import type { IdentityClient } from '../clients/identity-client.ts'
import { changeFailures, empty, json, patientFailures } from '../documentation/responses.ts'
import { clearedAtLogOut } from './cookies.ts'
import type { Cookies } from './cookies.ts'
import type { PatientCall } from './patient-calls.ts'

interface Deps {
  cookies: Cookies
  /** In the gateway's own name. */
  identity: Pick<IdentityClient, 'introspect'>
  asPatient: PatientCall
}

const SessionId = Type.Object({
  id: Type.String({ format: 'uuid', description: 'The session’s id, out of the list' }),
})

/** Where the patient is logged in, and how to end what they do not know of. */
export function ownSessionRoutes({ cookies, identity, asPatient }: Deps) {
  /** Whether it was this browser's own that was ended; what has ended stays so, whatever this meets. */
  async function hasEnded(request: FastifyRequest): Promise<boolean> {
    const session = cookies.session(request)
    if (session === undefined) return false
    try {
      return !(await identity.introspect(session, request.trace)).authenticated
    } catch (err) {
      request.log.warn({ err }, 'a browser keeps a cookie that may open nothing')
      return false
    }
  }

  return async (app: Server): Promise<void> => {
    app.get('/sessions', {
      config: { access: 'open' },
      schema: {
        operationId: 'listSessions',
        tags: ['session'],
        summary: 'Where the patient is logged in',
        description:
          'Every session that has not ended, this one too (`current`). Show it so that the patient can end a session that they forgot, or do not know.',
        response: { 200: json('SessionList', 'The sessions'), ...patientFailures() },
      },
      handler: async (request, reply) =>
        passOn(reply, await asPatient(request, { path: '/sessions' })),
    })

    app.delete('/sessions', {
      config: { access: 'open' },
      schema: {
        operationId: 'endOtherSessions',
        tags: ['session'],
        summary: 'End all sessions but this one',
        description: 'They end at once, everywhere. The same again ends nothing and is no fault.',
        response: { 200: json('SessionsEnded', 'How many have ended'), ...changeFailures() },
      },
      handler: async (request, reply) =>
        passOn(reply, await asPatient(request, { method: 'DELETE', path: '/sessions' })),
    })

    app.delete('/sessions/:id', {
      config: { access: 'open' },
      schema: {
        operationId: 'endSession',
        tags: ['session'],
        summary: 'End one session',
        description:
          'It ends at once, everywhere. Where it is the session of the call itself, the cookie is cleared as at log-out. Of someone else’s session the answer is as of one that never was.',
        params: SessionId,
        response: { 204: empty('It has ended'), ...changeFailures('session.not-found') },
      },
      handler: async (request, reply) => {
        await asPatient(request, { method: 'DELETE', path: `/sessions/${request.params.id}` })
        if (await hasEnded(request)) {
          cookies.clearSession(reply)
          void reply.header('clear-site-data', clearedAtLogOut)
        }
        return reply.code(204).send(null)
      },
    })
  }
}
