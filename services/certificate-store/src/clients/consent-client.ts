import { audiences, scopes } from '@minaintyg/contracts'
import type { ConsentState } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'
import { errors } from '../errors.ts'

/** Resolves where the patient consents now. @throws {AppError} consent.required, or consent.unavailable where nobody knows */
export type RequireConsent = (patientId: string, trace?: Trace) => Promise<void>

/** Milliseconds: every request of a patient waits for this. */
const deadline = 2_000

export function createRequireConsent(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
}): RequireConsent {
  const { client, credentials } = deps
  async function ask(patientId: string, trace: Trace | undefined): Promise<ConsentState['state']> {
    try {
      const { state } = await client.json<ConsentState>({
        path: `/patients/${patientId}/consent-state`,
        token: await credentials.serviceToken(audiences.consent, scopes.consentState),
        deadline,
        ...(trace === undefined ? {} : { trace }),
      })
      return state
    } catch (cause) {
      throw new AppError(errors.consentUnavailable, { cause, retryAfter: 5 })
    }
  }
  return async (patientId, trace) => {
    if ((await ask(patientId, trace)) !== 'given') throw new AppError(errors.consentRequired)
  }
}
