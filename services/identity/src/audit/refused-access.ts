import type { FastifyRequest } from 'fastify'
import { scopes } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import { errors } from '../errors.ts'
import type { Audit } from './audit.ts'

const refusals = new Set([401, 403])
/** What is another's is answered as what is not there; and a log-out token that does not hold is somebody's attempt. */
const otherRefusals = new Set<string>([errors.sessionNotFound.code, errors.logOutTokenInvalid.code])

interface Claims {
  sub: string
  client_id: string
  scope?: string
}

/** Of a token that holds, also where it is not enough; `caller` is set only where it is. */
function whoAsked(request: FastifyRequest) {
  const { user } = request as { user?: Claims | null }
  if (user === undefined || user === null) return {}
  const isPatient = (user.scope ?? '').split(' ').includes(scopes.patient)
  return { clientId: user.client_id, ...(isPatient ? { patientId: user.sub } : {}) }
}

/** Puts every refusal of this service's own on record, after the answer has left. */
export function auditRefusedAccess(app: Server, audit: Audit): void {
  app.addHook('onResponse', async (request, reply) => {
    const { problemCode, trace, routeOptions } = request
    if (problemCode === undefined) return
    if (!refusals.has(reply.statusCode) && !otherRefusals.has(problemCode)) return
    // A log-in that is refused is on record as a log-in.
    if (problemCode.startsWith('login.')) return
    audit.noteSoon({
      event: 'access-refused',
      reason: problemCode,
      traceId: trace.traceId,
      ...(routeOptions.url === undefined ? {} : { route: `${request.method} ${routeOptions.url}` }),
      ...whoAsked(request),
    })
  })
}
