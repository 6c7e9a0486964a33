import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Cancellation, ConsentWithdrawn, Erasure } from '@minaintyg/contracts'
import type { ServiceResponse } from '@minaintyg/service'
import { jsonOf } from '../session/patient-calls.ts'
import type { PatientCall } from '../session/patient-calls.ts'
import type { ConsentWithdrawal } from './consent-schemas.ts'

interface Deps {
  consent: PatientCall
  certificateStore: PatientCall
  dispatch: PatientCall
  /** Milliseconds. */
  aftermathDeadline: number
}

/** Withdrawing is done once the record says so; the event that follows erases and cancels where this did not. */
export function createWithdrawConsent(deps: Deps) {
  const { consent, certificateStore, dispatch, aftermathDeadline: deadline } = deps

  async function countOf(
    request: FastifyRequest,
    asked: Promise<ServiceResponse>,
    count: (answer: ServiceResponse) => number,
  ): Promise<number | null> {
    try {
      return count(await asked)
    } catch (err) {
      request.log.warn({ err }, 'what a withdrawal sets off is left to its event')
      return null
    }
  }

  return async (request: FastifyRequest): Promise<Static<typeof ConsentWithdrawal>> => {
    const answer = await consent(request, { method: 'DELETE', path: '/consent' })
    const { withdrawnAt } = jsonOf<Static<typeof ConsentWithdrawn>>(answer)
    const post = (path: string) => ({ method: 'POST', path, deadline }) as const
    const [certificates, cancelledDispatches] = await Promise.all([
      countOf(
        request,
        certificateStore(request, post('/erasures')),
        (answer) => jsonOf<Static<typeof Erasure>>(answer).certificates,
      ),
      countOf(
        request,
        dispatch(request, post('/cancellations')),
        (answer) => jsonOf<Static<typeof Cancellation>>(answer).cancelledDispatches,
      ),
    ])
    return { withdrawnAt, erased: { certificates }, cancelledDispatches }
  }
}
export type WithdrawConsent = ReturnType<typeof createWithdrawConsent>
