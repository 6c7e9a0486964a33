import { randomUUID } from 'node:crypto'
import type { Dispatch as DispatchView, SendFacts } from '@minaintyg/contracts'
import { isUniqueViolation } from '@minaintyg/db'
import { AppError } from '@minaintyg/errors'
import type { Language, Trace } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { CertificateStoreClient } from '../clients/certificate-store-client.ts'
import type { ConsentClient } from '../clients/consent-client.ts'
import { inTransaction } from '../database.ts'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'
import type { RecipientEventRepository } from '../events/recipient-event-repository.ts'
import type { Recipient, Recipients } from '../recipients/recipient-model.ts'
import type { DispatchWithTimeline, NewDispatch, SentDocument } from './dispatch-model.ts'
import type { DispatchRepository } from './dispatch-repository.ts'
import type { ToDispatchView } from './dispatch-view.ts'
import type { EndDispatch } from './end-dispatch.ts'
import type { IdempotencyRepository } from './idempotency-repository.ts'
import { createRememberedAnswer, hashOf } from './remembered-answer.ts'
import { documentFor, refuseWhatMayNotBeSent } from './sendable.ts'

export interface SendRequest {
  patientId: string
  patientToken: string
  certificateId: string
  recipientId: string
  idempotencyKey: string
  language: Language
  trace: Trace
}

interface Deps {
  db: Kysely<Database>
  dispatches: DispatchRepository
  events: RecipientEventRepository
  endDispatch: EndDispatch
  keys: IdempotencyRepository
  recipients: Recipients
  consent: ConsentClient
  certificateStore: CertificateStoreClient
  view: ToDispatchView
  now: () => Date
}

type Sending = NewDispatch & Pick<DispatchWithTimeline, 'timeline'>

function newDispatch(
  { patientId, certificateId, recipientId }: SendRequest,
  { type, document }: { type: SendFacts['type']; document: SentDocument },
  at: Date,
): Sending {
  return {
    id: randomUUID(),
    patientId,
    certificate: { id: certificateId, type },
    recipientId,
    state: 'queued',
    document,
    requestedAt: at,
    deliveredAt: null,
    receivedAt: null,
    fetchedAt: null,
    withdrawnAt: null,
    forgottenAt: null,
    replacedBy: null,
    timeline: [{ state: 'queued', at, note: null }],
  }
}

async function alreadySent(
  dispatches: DispatchRepository,
  { patientId, certificateId, recipientId }: SendRequest,
): Promise<AppError> {
  const earlier = await dispatches.findLive(patientId, certificateId, recipientId)
  const extensions = earlier && { dispatchId: earlier.id, state: earlier.state }
  return new AppError(errors.alreadySent, extensions && { extensions })
}

export function createSendCertificate(deps: Deps) {
  const { db, dispatches, events, endDispatch, keys, recipients, view, now } = deps
  const { consent, certificateStore } = deps
  const rememberedAnswer = createRememberedAnswer(deps)

  /** What is sent anew must not leave a second time when the parked one is replayed. */
  async function endParked(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
    for (const id of ids) {
      const parked = await dispatches.lock(tx, id)
      if (parked !== undefined) await endDispatch(tx, parked, { reason: 'cancelled', at })
    }
  }

  async function save(
    request: SendRequest,
    facts: SendFacts,
    recipient: Recipient,
  ): Promise<DispatchView> {
    const document = documentFor(recipient, facts)
    const dispatch = newDispatch(request, { type: facts.type, document }, now())
    const { patientId, idempotencyKey: key, language, trace } = request
    const at = dispatch.requestedAt
    const answer = view(dispatch, language)
    await inTransaction(db, async (tx) => {
      const remembered = { requestHash: hashOf(request), answer }
      const inserting = keys.insert(tx, { patientId, key }, remembered, at)
      await endParked(tx, await dispatches.insert(inserting, dispatch), at)
      await events.addRequested(tx, dispatch, trace.traceparent)
    })
    return answer
  }

  return async (request: SendRequest): Promise<DispatchView> => {
    const { patientId, patientToken, certificateId, recipientId, language, trace } = request
    if (!(await consent.isGiven(patientId, trace))) throw new AppError(errors.consentRequired)
    const remembered = await rememberedAnswer(request)
    if (remembered !== undefined) return remembered
    const facts = await certificateStore.sendFacts({
      certificateId,
      purpose: 'send',
      patientToken,
      language,
      trace,
    })
    if (recipients.find(recipientId) === undefined) throw new AppError(errors.recipientNotAccepted)
    const recipient = refuseWhatMayNotBeSent(recipients, facts, recipientId)
    try {
      return await save(request, facts, recipient)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      // Another request was first: one with the same key, whose answer is this one's too, or one that has sent the same.
      const answer = await rememberedAnswer(request)
      if (answer !== undefined) return answer
      if (isUniqueViolation(error, 'dispatch_live')) throw await alreadySent(dispatches, request)
      throw new AppError(errors.dispatchBusy, { cause: error })
    }
  }
}
export type SendCertificate = ReturnType<typeof createSendCertificate>
