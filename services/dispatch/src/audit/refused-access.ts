import { scopes, sharedErrors } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import type { FastifyRequest } from 'fastify'
import { errors } from '../errors.ts'
import type { Audit } from './audit.ts'

const refusals = new Set([401, 403])
/** What is another's is answered as what is not there. */
const hiddenRefusals = new Set<string>([errors.dispatchNotFound.code, 'certificate.not-found'])
/** A patient who has not consented is no intruder. */
const everyday = new Set<string>([sharedErrors.consentRequired.code])

interface Claims {
  sub: string
  client_id: string
  scope?: string
  sid?: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const uuidOf = (value: unknown) =>
  typeof value === 'string' && uuid.test(value) ? value : undefined

/** Of a token that holds, also where it is not enough; `caller` is set only where it is. */
function whoAsked(request: FastifyRequest) {
  const { user } = request as { user?: Claims | null }
  if (user === undefined || user === null) return {}
  const isPatient = (user.scope ?? '').split(' ').includes(scopes.patient)
  return {
    clientId: user.client_id,
    ...(isPatient ? { patientId: uuidOf(user.sub), sessionId: uuidOf(user.sid) } : {}),
  }
}

/** Puts every refusal of this service's own on record, after the answer has left. */
export function auditRefusedAccess(app: Server, audit: Audit): void {
  app.addHook('onResponse', async (request, reply) => {
    const { problemCode, trace, routeOptions, params } = request
    if (problemCode === undefined || routeOptions.config.access === 'open') return
    if (!refusals.has(reply.statusCode) && !hiddenRefusals.has(problemCode)) return
    if (everyday.has(problemCode)) return
    audit.noteSoon({
      reason: problemCode,
      resourceId: uuidOf((params as { id?: unknown } | undefined)?.id),
      route: routeOptions.url && `${request.method} ${routeOptions.url}`,
      traceId: trace.traceId,
      ...whoAsked(request),
    })
  })
}
