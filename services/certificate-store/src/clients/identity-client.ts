import { audiences, scopes } from '@minaintyg/contracts'
import type { FoundPatient, PatientNumber } from '@minaintyg/contracts'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'

/**
 * The patient's numbers for one question to the journals, the present one first: those from before a change of number are
 * what journals may still know them by. They are kept nowhere.
 */
export type LookUpNumbers = (patientId: string) => Promise<string[]>

/** Whose number a journal names; undefined for somebody who has never logged in. */
export type FindPatient = (number: string, trace?: Trace) => Promise<string | undefined>

const deadline = 2_000

export function createLookUpNumbers(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
}): LookUpNumbers {
  const { client, credentials } = deps
  return async (patientId) => {
    const { number, earlier } = await client.json<PatientNumber>({
      path: `/patients/${patientId}/number`,
      token: await credentials.serviceToken(audiences.identity, scopes.personNumber),
      deadline,
    })
    return [number, ...earlier]
  }
}

export function createFindPatient(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
}): FindPatient {
  const { client, credentials } = deps
  return async (number, trace) => {
    const { patientId } = await client.json<FoundPatient>({
      method: 'POST',
      path: '/patient-searches',
      body: { number },
      token: await credentials.serviceToken(audiences.identity, scopes.findPatient),
      deadline,
      ...(trace === undefined ? {} : { trace }),
    })
    return patientId ?? undefined
  }
}
