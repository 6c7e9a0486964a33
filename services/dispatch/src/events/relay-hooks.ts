import { DispatchDeliveredV1, DispatchRequestedV1, exchanges } from '@minaintyg/contracts'
import { enqueueAll, inTraceOf } from '@minaintyg/messaging'
import type { OutboxEvent, RelayHooks, RelayVerdict } from '@minaintyg/messaging'
import { SpanKind } from '@minaintyg/telemetry'
import type { ConsentClient } from '../clients/consent-client.ts'
import type { Database, Tx } from '../database.ts'
import { endedStates, transition } from '../dispatches/dispatch-model.ts'
import type { Dispatch } from '../dispatches/dispatch-model.ts'
import type { DispatchRepository } from '../dispatches/dispatch-repository.ts'
import type { EndDispatch } from '../dispatches/end-dispatch.ts'
import { forgetDispatches } from '../dispatches/forget-dispatches.ts'
import { inTurns } from './in-turns.ts'
import { eventSource } from './recipient-event-repository.ts'

interface Deps {
  dispatches: DispatchRepository
  consent: ConsentClient
  endDispatch: EndDispatch
  now: () => Date
}

/** A request to a recipient, and the dispatch that it is about, locked. */
interface Request {
  event: OutboxEvent
  dispatch: Dispatch
}

/** Questions about consent under way at a time: a batch of those that nobody answers is over before Postgres ends it. */
const questions = 50

const isRequest = (event: OutboxEvent) =>
  event.exchange === exchanges.dispatch && event.type === DispatchRequestedV1.type
const isEnded = ({ state }: Dispatch) => (endedStates as readonly string[]).includes(state)

/** What does not depend on the patient's word. */
const isCancelled = ({ dispatch }: Request) => isEnded(dispatch) && dispatch.forgottenAt === null

type Hooks = Required<Pick<RelayHooks<Database>, 'shouldPublish' | 'onPublished' | 'onParked'>>

function createLocking({ dispatches }: Deps) {
  return async (tx: Tx, events: readonly OutboxEvent[]): Promise<Request[]> => {
    const requests = events.filter(isRequest)
    const ids = requests.map(({ subject }) => subject ?? '')
    const locked = await dispatches.lockEach(tx, ids)
    return requests.map((event) => {
      const dispatch = locked.get(event.subject ?? '')
      if (dispatch === undefined) throw new Error('An event of a dispatch that there is not')
      return { event, dispatch }
    })
  }
}

/** The locks stay until the batch is marked: who cancels now learns that it is leaving. */
function createShouldPublish(deps: Deps): Hooks['shouldPublish'] {
  const { consent, endDispatch, now } = deps
  const lockAll = createLocking(deps)

  const askConsent = async ({
    event,
    dispatch,
  }: Request): Promise<boolean | { error: unknown }> => {
    if (isEnded(dispatch)) return false
    try {
      return await inTraceOf(event, 'may it leave', SpanKind.INTERNAL, () =>
        consent.isGiven(dispatch.patientId),
      )
    } catch (error) {
      return { error }
    }
  }
  const withdraw = async (tx: Tx, dispatch: Dispatch) => {
    const at = now()
    await endDispatch(tx, dispatch, { reason: 'consent-withdrawn', at })
    await forgetDispatches(tx, { patientId: dispatch.patientId, ids: [dispatch.id], at })
  }

  return async (tx, events) => {
    const requests = await lockAll(tx, events)
    const verdicts = new Map<string, RelayVerdict>(
      requests.filter(isCancelled).map(({ event }) => [event.id, 'cancel']),
    )
    const asked = requests.filter((request) => !isCancelled(request))
    const answers = await inTurns(asked, questions, askConsent)
    for (const [index, { event, dispatch }] of asked.entries()) {
      const answer = answers[index] ?? false
      if (answer === true) continue
      if (answer === false) await withdraw(tx, dispatch)
      verdicts.set(event.id, answer === false ? 'cancel' : answer)
    }
    return verdicts
  }
}

/** What dispatch does as its events leave. */
export function createRelayHooks(deps: Deps): Hooks {
  const { dispatches, now } = deps
  const lockAll = createLocking(deps)

  return {
    shouldPublish: createShouldPublish(deps),

    async onPublished(tx, events) {
      const fresh = (await lockAll(tx, events))
        .map(({ dispatch }) => dispatch)
        .filter(({ deliveredAt }) => deliveredAt === null)
      const at = now()
      await dispatches.confirmAll(tx, fresh, at)
      const facts = fresh.map((dispatch) => ({
        data: {
          patientId: dispatch.patientId,
          certificateId: dispatch.certificate.id,
          dispatchId: dispatch.id,
          recipientId: dispatch.recipientId,
          at: at.toISOString(),
        },
        exchange: exchanges.events,
        source: eventSource,
        subject: dispatch.certificate.id,
        time: at,
      }))
      await enqueueAll(tx, DispatchDeliveredV1, facts)
    },

    async onParked(tx, event) {
      for (const { dispatch } of await lockAll(tx, [event])) {
        const state = transition(dispatch.state, 'park')
        if (state === undefined) continue
        await dispatches.change(tx, dispatch.id, { state })
        await dispatches.addToTimeline(tx, dispatch.id, { state, at: now() })
      }
    },
  }
}
