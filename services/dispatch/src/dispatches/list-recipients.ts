import { recipientNames, typeRule } from '@minaintyg/certificate-model'
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
        at: (dispatch.timeline.at(-1)?.at ?? dispatch.requestedAt).toISOString(),
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
      patientToken,
      language,
      trace,
    })
    const { recipient } = typeRule(facts.type.code)
    const usual = recipient === null ? [] : [{ id: recipient, name: recipientNames[recipient] }]
    const offered = facts.send.allowed ? facts.send.recipients : usual
    const earlier = await dispatches.listForCertificate(patientId, certificateId)
    const items = offered.map(({ id, name }) => {
      const ofRecipient = earlier.filter((dispatch) => dispatch.recipientId === id)
      const live = ofRecipient.find(({ state }) =>
        (liveStates as readonly string[]).includes(state),
      )
      const reason =
        recipients.find(id) === undefined
          ? errors.recipientNotAccepted.code
          : facts.send.allowed
            ? live && errors.alreadySent.code
            : (facts.send.reason ?? errors.certificateNotSendable.code)
      return {
        id,
        name,
        allowed: reason === undefined,
        ...(reason === undefined ? {} : { reason }),
        sent: sentOf(live ?? ofRecipient[0]),
      }
    })
    return { items }
  }
}
export type ListRecipients = ReturnType<typeof createListRecipients>
