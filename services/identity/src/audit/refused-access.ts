import type { FastifyRequest } from 'fastify'
import { scopes } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import { errors } from '../errors.ts'
import type { Audit } from './audit.ts'

const refusals = new Set([401, 403])
/** What is another's is answered as what is not there. */
const hiddenRefusals = new Set<string>([errors.sessionNotFound.code])

// A token that does not hold leaves no caller behind.
const callerOf = (request: FastifyRequest) => request.caller as typeof request.caller | undefined

/** Puts every refusal of this service's own on record, after the answer has left. */
export function auditRefusedAccess(app: Server, audit: Audit): void {
  app.addHook('onResponse', async (request, reply) => {
    const { problemCode, trace, routeOptions } = request
    if (problemCode === undefined || routeOptions.config.access === 'open') return
    if (!refusals.has(reply.statusCode) && !hiddenRefusals.has(problemCode)) return
    // A log-in that is refused is on record as a log-in.
    if (problemCode.startsWith('login.')) return
    const caller = callerOf(request)
    const isPatient = caller?.scopes.includes(scopes.patient) === true
    audit.noteSoon({
      event: 'access-refused',
      reason: problemCode,
      traceId: trace.traceId,
      ...(routeOptions.url === undefined ? {} : { route: `${request.method} ${routeOptions.url}` }),
      ...(caller === undefined ? {} : { clientId: caller.clientId }),
      ...(isPatient ? { patientId: caller.subject } : {}),
    })
  })
}
