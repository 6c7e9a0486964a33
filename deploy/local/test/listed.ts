import type { CertificateList } from '@minaintyg/contracts'
import { until } from '@minaintyg/testing'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { list } from '../src/walk/steps.ts'

/** A list that every journal has answered: on a busy machine one may be late, and the list says so. */
export async function listed(api: PatientApi): Promise<CertificateList> {
  const found = await until(() => list(api).catch(() => undefined), {
    timeout: 120_000,
    interval: 500,
  })
  return found!
}
