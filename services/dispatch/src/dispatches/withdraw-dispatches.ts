import { AppError } from '@minaintyg/errors'
import type { Kysely } from 'kysely'
import { inTransaction } from '../database.ts'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'
import type { RevocationReason } from '../events/recipient-event-repository.ts'
import type { DispatchRepository } from './dispatch-repository.ts'
import type { EndDispatch } from './end-dispatch.ts'
import { liveStates } from './dispatch-model.ts'
import { forgetDispatches } from './forget-dispatches.ts'

/** Ends what a patient or a journal wants back, as far as it can be. */
export function createWithdrawDispatches(deps: {
  db: Kysely<Database>
  dispatches: DispatchRepository
  endDispatch: EndDispatch
  now: () => Date
}) {
  const { db, dispatches, endDispatch, now } = deps

  const endEach = async (tx: Tx, ids: string[], reason: RevocationReason) => {
    for (const id of ids) {
      const dispatch = await dispatches.lock(tx, id)
      if (dispatch !== undefined) await endDispatch(tx, dispatch, { reason, at: now() })
    }
  }

  /** All of a patient's that were sent until then. What they tell of certificates is forgotten with it. */
  const ofPatient = async (tx: Tx, patientId: string, until: Date) => {
    const ids = await dispatches.lockAll(tx, patientId, until)
    await endEach(tx, await dispatches.listEndable(tx, patientId, until), 'consent-withdrawn')
    await forgetDispatches(tx, { patientId, ids, at: now() })
  }

  return {
    ofPatient,

    async ofCertificate(tx: Tx, certificateId: string): Promise<void> {
      const ids = await dispatches.listOfCertificate(tx, certificateId, [...liveStates, 'parked'])
      await endEach(tx, ids, 'certificate-revoked')
    },

    /** The same on the patient's own request. @returns how many recipients will get no document */
    async onRequest(patientId: string): Promise<number> {
      await inTransaction(db, (tx) => ofPatient(tx, patientId, now()))
      return dispatches.tellWithdrawn(patientId)
    },

    /** One, as its document is asked for without consent. */
    async atFetch(dispatchId: string): Promise<void> {
      await inTransaction(db, (tx) => endEach(tx, [dispatchId], 'consent-withdrawn'))
    },

    /** The patient's own change of mind about one dispatch. */
    async cancel(patientId: string, dispatchId: string): Promise<void> {
      await inTransaction(db, async (tx) => {
        const dispatch = await dispatches.lock(tx, dispatchId)
        if (dispatch?.patientId !== patientId) throw new AppError(errors.dispatchNotFound)
        const cancellable = dispatch.state === 'queued' || dispatch.state === 'parked'
        if (!cancellable || dispatch.fetchedAt !== null) throw new AppError(errors.notCancellable)
        await endDispatch(tx, dispatch, { reason: 'cancelled', at: now() })
      })
    },
  }
}
export type WithdrawDispatches = ReturnType<typeof createWithdrawDispatches>
