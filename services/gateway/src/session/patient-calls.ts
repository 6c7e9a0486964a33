import type { FastifyRequest } from 'fastify'
import type { Audience } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { ServiceClient, ServiceRequest, ServiceResponse } from '@minaintyg/service'
import type { IdentityClient } from '../clients/identity-client.ts'
import { errors } from '../errors.ts'
import type { Cookies } from './cookies.ts'

/** Calls one service in the name of the patient whose session the request carries. */
export interface PatientCall {
  (request: FastifyRequest, call: ServiceRequest): Promise<ServiceResponse>
}

export function requireSession(cookies: Cookies, request: FastifyRequest): string {
  if (!cookies.hasSession(request)) {
    throw new AppError(errors.sessionRequired, { detail: 'Log in, and call again.' })
  }
  const session = cookies.session(request)
  if (session === undefined) throw new AppError(errors.sessionExpired, { detail: 'Log in again.' })
  return session
}

/** What of the caller’s own headers a service behind should know. */
function passedOn({ headers }: FastifyRequest): Record<string, string> {
  const language = headers['accept-language']
  const etag = headers['if-none-match']
  return {
    ...(language === undefined ? {} : { 'accept-language': language.slice(0, 500) }),
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  }
}

/** A token is asked for at each call and kept nowhere: whoever logs out is out, on every replica. */
export function createPatientCalls(cookies: Cookies, identity: IdentityClient) {
  return (client: ServiceClient, audience: Audience): PatientCall =>
    async (request, call) => {
      const session = requireSession(cookies, request)
      const { accessToken } = await identity.patientToken(session, audience, request.trace)
      return client.request({
        ...call,
        headers: { ...passedOn(request), ...call.headers },
        token: accessToken,
        trace: request.trace,
      })
    }
}
export type PatientCalls = ReturnType<typeof createPatientCalls>

/** The contract is what vouches for the type. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast in one place
export const jsonOf = <T>({ body }: ServiceResponse): T => JSON.parse(body.toString('utf8')) as T
