import { DispatchCompletionRequestedV1, DispatchReceivedV1, exchanges } from '@minaintyg/contracts'
import type { ReceiptKind } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { enqueue } from '@minaintyg/messaging'
import type { Tx } from '../database.ts'
import { transition } from '../dispatches/dispatch-model.ts'
import type { Dispatch, DispatchEvent } from '../dispatches/dispatch-model.ts'
import type { DispatchRepository } from '../dispatches/dispatch-repository.ts'
import { countReceipt } from '../dispatch-metrics.ts'
import { errors } from '../errors.ts'
import { eventSource } from '../events/recipient-event-repository.ts'
import { plainWords } from './plain-words.ts'
import type { NewReceipt, ReceiptRepository } from './receipt-repository.ts'

const eventOf: Record<ReceiptKind, DispatchEvent> = {
  received: 'receive',
  accepted: 'accept',
  rejected: 'reject',
  'completion-requested': 'requestCompletion',
}

/** The words for the patient that a receipt may hold. */
const noteOf = ({ kind, receipt }: NewReceipt) =>
  (kind === 'rejected' && receipt.reason) ||
  (kind === 'completion-requested' && receipt.question) ||
  null

const withPlainWords = (received: NewReceipt): NewReceipt => {
  const { dispatchId, at, ...words } = received.receipt
  const plain = Object.entries(words).map(([name, text]) => [name, plainWords(text)] as const)
  const told = Object.fromEntries(plain.filter(([, text]) => text !== ''))
  return { ...received, receipt: { dispatchId, at, ...told } }
}

/** Where consent has been withdrawn, what the recipient writes is not kept. */
const withoutWords = (received: NewReceipt): NewReceipt => {
  const { dispatchId, at } = received.receipt
  return { ...received, receipt: { dispatchId, at } }
}

/** Books a receipt once, in whatever order receipts come; all but the first of an id change nothing. */
export function createRecordReceipt(deps: {
  dispatches: DispatchRepository
  receipts: ReceiptRepository
  now: () => Date
}) {
  const { dispatches, receipts, now } = deps

  async function say(
    tx: Tx,
    definition: typeof DispatchReceivedV1 | typeof DispatchCompletionRequestedV1,
    dispatch: Dispatch,
    at: Date,
  ): Promise<void> {
    const fact = {
      patientId: dispatch.patientId,
      certificateId: dispatch.certificate.id,
      dispatchId: dispatch.id,
      recipientId: dispatch.recipientId,
      at: at.toISOString(),
    }
    await enqueue(tx, definition, fact, {
      exchange: exchanges.events,
      source: eventSource,
      subject: dispatch.certificate.id,
      time: at,
    })
  }

  return async (tx: Tx, given: NewReceipt): Promise<void> => {
    const dispatch = await dispatches.lock(tx, given.receipt.dispatchId)
    // A recipient learns nothing of other recipients' dispatches, not even that there are such.
    if (dispatch?.recipientId !== given.recipientId) throw new AppError(errors.dispatchNotFound)
    const received = dispatch.forgottenAt === null ? withPlainWords(given) : withoutWords(given)
    const at = now()
    if (!(await receipts.insert(tx, received, at))) return
    countReceipt(received.kind)
    const state = transition(dispatch.state, eventOf[received.kind])
    if (state === undefined) return
    await dispatches.change(tx, dispatch.id, { state })
    if (dispatch.receivedAt === null) {
      await dispatches.change(tx, dispatch.id, { receivedAt: at })
      await say(tx, DispatchReceivedV1, dispatch, at)
      // Whoever has decided has it: the patient's timeline skips no step where receipts overtake.
      if (state !== 'received') {
        await dispatches.addToTimeline(tx, dispatch.id, { state: 'received', at })
      }
    }
    await dispatches.addToTimeline(tx, dispatch.id, { state, at, note: noteOf(received) })
    if (state === 'completionRequested') await say(tx, DispatchCompletionRequestedV1, dispatch, at)
  }
}
export type RecordReceipt = ReturnType<typeof createRecordReceipt>
