import type { CertificateRecipients } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Language, Trace } from '@minaintyg/service'
import type { CertificateStoreClient } from '../clients/certificate-store-client.ts'
import type { ConsentClient } from '../clients/consent-client.ts'
import { errors } from '../errors.ts'
import type { Recipients } from '../recipients/recipient-model.ts'
import { liveStates } from './dispatch-model.ts'
import type { DispatchWithTimeline } from './dispatch-model.ts'
import type { DispatchRepository } from './dispatch-repository.ts'

interface Request {
  patientId: string
  patientToken: string
  certificateId: string
  language: Language
  trace: Trace
}

const sentOf = (dispatch: DispatchWithTimeline | undefined) =>
  dispatch === undefined
    ? null
    : {
        dispatchId: dispatch.id,
        state: dispatch.state,
        at: (
          dispatch.timeline.findLast(({ change }) => change == null)?.at ?? dispatch.requestedAt
        ).toISOString(),
      }

/** Who a certificate can go to, and why not. */
export function createListRecipients(deps: {
  dispatches: DispatchRepository
  recipients: Recipients
  consent: ConsentClient
  certificateStore: CertificateStoreClient
}) {
  const { dispatches, recipients, consent, certificateStore } = deps
  return async (request: Request): Promise<CertificateRecipients> => {
    const { patientId, patientToken, certificateId, language, trace } = request
    if (!(await consent.isGiven(patientId, trace))) throw new AppError(errors.consentRequired)
    const facts = await certificateStore.sendFacts({
      certificateId,
      purpose: 'recipients',
      patientToken,
      language,
      trace,
    })
    const earlier = await dispatches.listForCertificate(patientId, certificateId)
    const items = recipients.offers(facts).map(({ recipient, reason: against }) => {
      const { id, name, kind, projections, retention } = recipient
      const ofRecipient = earlier.filter((dispatch) => dispatch.recipientId === id)
      const live = ofRecipient.find(({ state }) =>
        (liveStates as readonly string[]).includes(state),
      )
      const reason = against ?? (live && errors.alreadySent.code)
      return {
        id,
        name,
        kind,
        receives: projections.includes('employment')
          ? ('employmentCopy' as const)
          : ('certificate' as const),
        ...(retention.days === undefined ? {} : { retentionDays: retention.days }),
        allowed: reason === undefined,
        ...(reason === undefined ? {} : { reason }),
        sent: sentOf(live ?? ofRecipient[0]),
      }
    })
    return { items }
  }
}
export type ListRecipients = ReturnType<typeof createListRecipients>
