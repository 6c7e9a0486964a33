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
import type { Recipient } from '../recipients/recipient-model.ts'
import type { DocumentType } from './media-type.ts'

export interface HandedOver {
  body: Buffer
  etag: string
  /** The same bytes every time: a part of them can be asked for later. */
  lasting: boolean
}

export interface DocumentRequest {
  recipient: Recipient
  dispatchId: string
  type: DocumentType
  trace: Trace
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
const tagOf = (hash: string) => `"${hash}"`

/** What the event has the hash of: the original, or an employer's copy. */
const isPromised = ({ projections }: Recipient, type: DocumentType) =>
  projections.includes('employment') || type === 'application/xml'

/** Hands a dispatch's document to its recipient, if consent stands at this moment. */
export function createHandOverDocument(deps: Deps) {
  const { dispatches, withdraw, consent, certificateStore, rendering, now } = deps

  async function refuseWithdrawn(dispatchId: string): Promise<never> {
    await withdraw.atFetch(dispatchId)
    throw new AppError(errors.dispatchRevoked)
  }

  async function mayBeHandedOver({ recipient, dispatchId, trace }: DocumentRequest) {
    const dispatch = await dispatches.findForRecipient(recipient.id, dispatchId)
    if (dispatch === undefined) throw new AppError(errors.dispatchNotFound)
    if ((endedStates as readonly string[]).includes(dispatch.state)) {
      throw new AppError(errors.dispatchRevoked)
    }
    if (!(await consent.isGiven(dispatch.patientId, trace))) return refuseWithdrawn(dispatch.id)
    return dispatch
  }

  /** certificate-store writes the access log before it answers. */
  async function fetch(dispatch: Dispatch, request: DocumentRequest): Promise<HandedOver> {
    const { recipient, type, trace } = request
    const { id: dispatchId, patientId, recipientId, certificate, document } = dispatch
    const source = await certificateStore.document({
      patientId,
      certificateId: certificate.id,
      recipientId,
      dispatchId,
      mediaType: type === 'application/xml' ? 'application/xml' : 'application/json',
      projection: recipient.projections.includes('employment') ? 'employment' : undefined,
      trace,
    })
    const hash = sha256(source)
    if (type === 'application/pdf') {
      const body = await rendering.render(JSON.parse(source.toString()) as unknown, trace)
      return { body, etag: `W/${tagOf(`${hash}-pdf`)}`, lasting: false }
    }
    if (isPromised(recipient, type) && hash !== document?.sha256) {
      throw new AppError(errors.documentChanged)
    }
    return { body: source, etag: tagOf(hash), lasting: true }
  }

  return {
    handOver: async (request: DocumentRequest): Promise<HandedOver> => {
      const { dispatchId } = request
      const dispatch = await mayBeHandedOver(request)
      const handedOver = await fetch(dispatch, request).catch((error: unknown) => {
        // certificate-store asks for consent as well, a moment later.
        const withdrawn = error instanceof AppError && error.code === errors.consentRequired.code
        if (withdrawn) return refuseWithdrawn(dispatchId)
        throw error
      })
      if (!(await dispatches.markFetched(dispatchId, now()))) {
        throw new AppError(errors.dispatchRevoked)
      }
      return handedOver
    },

    /** What is known of it without handing it out: of what the event promised its tag and size. */
    async describe(request: DocumentRequest): Promise<{ etag?: string; size?: number }> {
      const { document } = await mayBeHandedOver(request)
      if (document === null || !isPromised(request.recipient, request.type)) return {}
      return { etag: tagOf(document.sha256), size: document.size }
    },
  }
}
export type HandOverDocument = ReturnType<typeof createHandOverDocument>
