import type { Tx } from '../database.ts'
import type { RecipientEventRepository } from '../events/recipient-event-repository.ts'
import { liveStates, transition } from './dispatch-model.ts'
import type { DispatchRepository } from './dispatch-repository.ts'
import type { EndDispatch } from './end-dispatch.ts'
import { tellOfChange } from './tell-of-change.ts'

/**
 * A journal has replaced a certificate. What has not left is stopped, as it may not be sent any more; whoever has got it
 * is told, once for each new certificate, and so is the patient: the new one goes nowhere by itself.
 */
export function createReplaceCertificate(deps: {
  dispatches: DispatchRepository
  events: RecipientEventRepository
  endDispatch: EndDispatch
}) {
  const { dispatches, events, endDispatch } = deps
  return async (
    tx: Tx,
    replaced: { certificateId: string; replacedBy: string; at: Date },
  ): Promise<void> => {
    const { certificateId, replacedBy, at } = replaced
    const states = [...liveStates, 'parked'] as const
    for (const id of await dispatches.listOfCertificate(tx, certificateId, states)) {
      const dispatch = await dispatches.lock(tx, id)
      if (dispatch === undefined || dispatch.replacedBy === replacedBy) continue
      const mayBeStopped = transition(dispatch.state, 'cancel') !== undefined
      if (mayBeStopped && dispatch.fetchedAt === null) {
        await endDispatch(tx, dispatch, { reason: 'certificate-replaced', at })
      } else {
        await dispatches.change(tx, id, { replacedBy })
        await tellOfChange(tx, dispatch, { change: 'certificate-replaced', at })
        await events.addReplaced(tx, dispatch, { replacedBy, at })
      }
    }
  }
}
export type ReplaceCertificate = ReturnType<typeof createReplaceCertificate>
