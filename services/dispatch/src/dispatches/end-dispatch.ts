import type { Tx } from '../database.ts'
import type {
  RecipientEventRepository,
  RevocationReason,
} from '../events/recipient-event-repository.ts'
import { endingOf, liveStates, transition } from './dispatch-model.ts'
import type { Dispatch } from './dispatch-model.ts'
import type { DispatchRepository } from './dispatch-repository.ts'
import { isToldOf, tellOfChange } from './tell-of-change.ts'

/**
 * Ends a locked dispatch: cancelled where it has not left, revoked where no document was handed out.
 * Whoever can have learnt of it is told.
 */
export function createEndDispatch(deps: {
  dispatches: DispatchRepository
  events: RecipientEventRepository
}) {
  const { dispatches, events } = deps

  /** The recipient has the certificate: that cannot be undone, but it and the patient must know. */
  async function tellThatRevoked(tx: Tx, dispatch: Dispatch, at: Date): Promise<void> {
    const change = 'certificate-revoked'
    const isWithRecipient = (liveStates as readonly string[]).includes(dispatch.state)
    if (!isWithRecipient || (await isToldOf(tx, dispatch.id, change))) return
    await tellOfChange(tx, dispatch, { change, at })
    await events.addRevoked(tx, dispatch, change, at)
  }

  return async (
    tx: Tx,
    dispatch: Dispatch,
    { reason, at }: { reason: RevocationReason; at: Date },
  ): Promise<boolean> => {
    const ending = endingOf(dispatch)
    const state = ending && transition(dispatch.state, ending)
    if (state === undefined) {
      if (reason === 'certificate-revoked') await tellThatRevoked(tx, dispatch, at)
      return false
    }
    await dispatches.change(tx, dispatch.id, {
      state,
      ...(reason === 'consent-withdrawn' && { withdrawnAt: at }),
    })
    // Of what the patient did not do, the patient is told why.
    const note = reason.startsWith('certificate-') ? reason : null
    await dispatches.addToTimeline(tx, dispatch.id, { state, at, note })
    if (await events.hasLeft(tx, dispatch)) await events.addRevoked(tx, dispatch, reason, at)
    return true
  }
}
export type EndDispatch = ReturnType<typeof createEndDispatch>
