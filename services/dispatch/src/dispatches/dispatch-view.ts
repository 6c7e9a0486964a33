import type { Dispatch as DispatchView } from '@minaintyg/contracts'
import type { Language } from '@minaintyg/service'
import type { Recipients } from '../recipients/recipient-model.ts'
import type { DispatchWithTimeline } from './dispatch-model.ts'
import { changeText, timelineText } from './timeline-texts.ts'

type Viewed = Omit<DispatchWithTimeline, 'position'>

/** What a certificate is called of which nothing is known any more. */
const someCertificate: Record<Language, string> = { sv: 'Intyg', en: 'Certificate' }

export const toView =
  (recipients: Recipients) =>
  (dispatch: Viewed, language: Language): DispatchView => {
    const { certificate } = dispatch
    const recipient = recipients.nameOf(dispatch.recipientId)
    return {
      id: dispatch.id,
      certificate: {
        id: certificate.id,
        type: certificate.type ?? { name: someCertificate[language] },
      },
      recipient: { id: dispatch.recipientId, name: recipient },
      state: dispatch.state,
      timeline: dispatch.timeline.map(({ state, at, note, change = null }) => ({
        state,
        at: at.toISOString(),
        text:
          change === null
            ? timelineText(language, state, {
                recipient,
                note,
                fetched: dispatch.fetchedAt !== null,
              })
            : changeText(language, change, recipient),
      })),
    }
  }
export type ToDispatchView = ReturnType<typeof toView>
