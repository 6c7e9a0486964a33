import type { Dispatch as DispatchView } from '@minaintyg/contracts'
import type { Language } from '@minaintyg/service'
import type { Recipients } from '../recipients/recipient-model.ts'
import type { DispatchWithTimeline } from './dispatch-model.ts'
import { timelineText } from './timeline-texts.ts'

type Viewed = Omit<DispatchWithTimeline, 'position'>

export const toView =
  (recipients: Recipients) =>
  (dispatch: Viewed, language: Language): DispatchView => {
    const recipient = recipients.nameOf(dispatch.recipientId)
    return {
      id: dispatch.id,
      certificate: dispatch.certificate,
      recipient: { id: dispatch.recipientId, name: recipient },
      state: dispatch.state,
      timeline: dispatch.timeline.map(({ state, at, note }) => ({
        state,
        at: at.toISOString(),
        text: timelineText(language, state, {
          recipient,
          note,
          fetched: dispatch.fetchedAt !== null,
        }),
      })),
    }
  }
export type ToDispatchView = ReturnType<typeof toView>
