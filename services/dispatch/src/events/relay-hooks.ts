import { DispatchDeliveredV1, DispatchRequestedV1, exchanges } from '@minaintyg/contracts'
import { enqueue } from '@minaintyg/messaging'
import type { OutboxEvent, RelayHooks } from '@minaintyg/messaging'
import type { ConsentClient } from '../clients/consent-client.ts'
import type { Database, Tx } from '../database.ts'
import { endedStates, transition } from '../dispatches/dispatch-model.ts'
import type { Dispatch, DispatchEvent } from '../dispatches/dispatch-model.ts'
import type { DispatchRepository } from '../dispatches/dispatch-repository.ts'
import type { EndDispatch } from '../dispatches/end-dispatch.ts'
import { forgetDispatches } from '../dispatches/forget-dispatches.ts'
import { eventSource } from './recipient-event-repository.ts'

interface Deps {
  dispatches: DispatchRepository
  consent: ConsentClient
  endDispatch: EndDispatch
  now: () => Date
}

const isRequest = (event: OutboxEvent) =>
  event.exchange === exchanges.dispatch && event.type === DispatchRequestedV1.type

/** What dispatch does as its events leave. */
export function createRelayHooks(deps: Deps): RelayHooks<Database> {
  const { dispatches, consent, endDispatch, now } = deps

  const lock = async (tx: Tx, event: OutboxEvent): Promise<Dispatch> => {
    const dispatch = await dispatches.lock(tx, event.subject ?? '')
    if (dispatch === undefined) throw new Error('An event of a dispatch that there is not')
    return dispatch
  }
  const move = async (tx: Tx, dispatch: Dispatch, event: DispatchEvent, at: Date) => {
    const state = transition(dispatch.state, event)
    if (state === undefined) return
    await dispatches.change(tx, dispatch.id, { state })
    await dispatches.addToTimeline(tx, dispatch.id, { state, at })
  }

  return {
    /** The lock stays until the batch is marked: who cancels now learns that it is leaving. */
    async shouldPublish(tx, event) {
      if (!isRequest(event)) return 'publish'
      const dispatch = await lock(tx, event)
      const isEnded = (endedStates as readonly string[]).includes(dispatch.state)
      if (isEnded && dispatch.forgottenAt === null) return 'cancel'
      if (!isEnded && (await consent.isGiven(dispatch.patientId))) return 'publish'
      const at = now()
      await endDispatch(tx, dispatch, { reason: 'consent-withdrawn', at })
      await forgetDispatches(tx, { patientId: dispatch.patientId, ids: [dispatch.id], at })
      return 'cancel'
    },

    async onPublished(tx, event) {
      if (!isRequest(event)) return
      const dispatch = await lock(tx, event)
      if (dispatch.deliveredAt !== null) return
      const at = now()
      await move(tx, dispatch, 'confirm', at)
      await dispatches.change(tx, dispatch.id, { deliveredAt: at })
      const fact = {
        patientId: dispatch.patientId,
        certificateId: dispatch.certificate.id,
        dispatchId: dispatch.id,
        recipientId: dispatch.recipientId,
        at: at.toISOString(),
      }
      await enqueue(tx, DispatchDeliveredV1, fact, {
        exchange: exchanges.events,
        source: eventSource,
        subject: dispatch.certificate.id,
        time: at,
      })
    },

    async onParked(tx, event) {
      if (isRequest(event)) await move(tx, await lock(tx, event), 'park', now())
    },
  }
}
