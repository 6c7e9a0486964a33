import { audiences, scopes } from '@minaintyg/contracts'
import type { PatientNumber } from '@minaintyg/contracts'
import type { Credentials, ServiceClient } from '@minaintyg/service'

/** The patient's number for one question to the journals; it is kept nowhere. */
export type LookUpNumber = (patientId: string) => Promise<string>

const deadline = 2_000

export function createLookUpNumber(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
}): LookUpNumber {
  const { client, credentials } = deps
  return async (patientId) => {
    const { number } = await client.json<PatientNumber>({
      path: `/patients/${patientId}/number`,
      token: await credentials.serviceToken(audiences.identity, scopes.personNumber),
      deadline,
    })
    return number
  }
}
