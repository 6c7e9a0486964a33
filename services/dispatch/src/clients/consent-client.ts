import { audiences, scopes } from '@minaintyg/contracts'
import type { ConsentState } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'
import { errors } from '../errors.ts'

/** Asks whether a patient's consent stands; who cannot be asked has not said yes. */
export function createConsentClient(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
}) {
  return {
    async isGiven(patientId: string, trace?: Trace): Promise<boolean> {
      try {
        const { state } = await deps.client.json<ConsentState>({
          path: `/patients/${patientId}/consent-state`,
          token: await deps.credentials.serviceToken(audiences.consent, scopes.consentState),
          ...(trace === undefined ? {} : { trace }),
        })
        return state === 'given'
      } catch (cause) {
        throw new AppError(errors.consentUnavailable, { cause })
      }
    },
  }
}
export type ConsentClient = ReturnType<typeof createConsentClient>
