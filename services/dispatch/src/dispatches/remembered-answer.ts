import { createHash } from 'node:crypto'
import type { Dispatch as DispatchView } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Language } from '@minaintyg/service'
import { errors } from '../errors.ts'
import type { DispatchRepository } from './dispatch-repository.ts'
import type { ToDispatchView } from './dispatch-view.ts'
import type { IdempotencyRepository } from './idempotency-repository.ts'

interface KeyedRequest {
  patientId: string
  certificateId: string
  recipientId: string
  idempotencyKey: string
  language: Language
}

export const hashOf = ({ certificateId, recipientId }: KeyedRequest) =>
  createHash('sha256').update(JSON.stringify({ certificateId, recipientId })).digest('hex')

/** What was answered to the same key before, as it stands. @throws {AppError} where that was another request */
export function createRememberedAnswer(deps: {
  keys: IdempotencyRepository
  dispatches: DispatchRepository
  view: ToDispatchView
}) {
  const { keys, dispatches, view } = deps
  return async (request: KeyedRequest): Promise<DispatchView | undefined> => {
    const { patientId, idempotencyKey: key } = request
    const remembered = await keys.find({ patientId, key })
    if (remembered !== undefined && remembered.requestHash !== hashOf(request)) {
      throw new AppError(errors.idempotencyKeyReused)
    }
    if (remembered === undefined) return undefined
    if (remembered.answer !== null) return remembered.answer
    const dispatch = await dispatches.findForPatient(patientId, remembered.dispatchId)
    return dispatch && view(dispatch, request.language)
  }
}
