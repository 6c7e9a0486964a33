import { createHash } from 'node:crypto'
import { AppError } from '@minaintyg/errors'
import type { Trace } from '@minaintyg/service'
import type { CertificateStoreClient } from '../clients/certificate-store-client.ts'
import type { ConsentClient } from '../clients/consent-client.ts'
import type { RenderingClient } from '../clients/rendering-client.ts'
import { endedStates } from '../dispatches/dispatch-model.ts'
import type { Dispatch } from '../dispatches/dispatch-model.ts'
import type { DispatchRepository } from '../dispatches/dispatch-repository.ts'
import type { WithdrawDispatches } from '../dispatches/withdraw-dispatches.ts'
import { errors } from '../errors.ts'
import type { DocumentType } from './media-type.ts'

export interface HandedOver {
  body: Buffer
  etag: string
}

interface Deps {
  dispatches: DispatchRepository
  withdraw: WithdrawDispatches
  consent: ConsentClient
  certificateStore: CertificateStoreClient
  rendering: RenderingClient
  now: () => Date
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Hands a dispatch's document to its recipient, if consent stands at this moment. */
export function createHandOverDocument(deps: Deps) {
  const { dispatches, withdraw, consent, certificateStore, rendering, now } = deps

  async function refuseWithdrawn(dispatchId: string): Promise<never> {
    await withdraw.atFetch(dispatchId)
    throw new AppError(errors.dispatchRevoked)
  }

  async function mayBeHandedOver(recipientId: string, dispatchId: string, trace: Trace) {
    const dispatch = await dispatches.findForRecipient(recipientId, dispatchId)
    if (dispatch === undefined) throw new AppError(errors.dispatchNotFound)
    if ((endedStates as readonly string[]).includes(dispatch.state)) {
      throw new AppError(errors.dispatchRevoked)
    }
    if (!(await consent.isGiven(dispatch.patientId, trace))) return refuseWithdrawn(dispatch.id)
    return dispatch
  }

  /** certificate-store writes the access log before it answers. */
  async function fetch(dispatch: Dispatch, type: DocumentType, trace: Trace): Promise<HandedOver> {
    const { id: dispatchId, patientId, recipientId, certificate, document } = dispatch
    const source = await certificateStore.document({
      patientId,
      certificateId: certificate.id,
      recipientId,
      dispatchId,
      mediaType: type === 'application/xml' ? 'application/xml' : 'application/json',
      trace,
    })
    const hash = sha256(source)
    if (type === 'application/pdf') {
      const body = await rendering.render(JSON.parse(source.toString()) as unknown, trace)
      return { body, etag: `"${hash}-pdf"` }
    }
    if (type === 'application/xml' && hash !== document?.sha256) {
      throw new AppError(errors.documentChanged)
    }
    return { body: source, etag: `"${hash}"` }
  }

  return async (request: {
    recipientId: string
    dispatchId: string
    type: DocumentType
    trace: Trace
  }): Promise<HandedOver> => {
    const { recipientId, dispatchId, type, trace } = request
    const dispatch = await mayBeHandedOver(recipientId, dispatchId, trace)
    const handedOver = await fetch(dispatch, type, trace).catch((error: unknown) => {
      // certificate-store asks for consent as well, a moment later.
      const withdrawn = error instanceof AppError && error.code === errors.consentRequired.code
      if (withdrawn) return refuseWithdrawn(dispatchId)
      throw error
    })
    if (!(await dispatches.markFetched(dispatchId, now()))) {
      throw new AppError(errors.dispatchRevoked)
    }
    return handedOver
  }
}
export type HandOverDocument = ReturnType<typeof createHandOverDocument>
