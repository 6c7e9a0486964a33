import { createHash } from 'node:crypto'
import type { Receipt, ReceiptKind } from '@minaintyg/contracts'

/** What a recipient says of a dispatch; the kit adds id and time. */
export interface ReceiptDraft {
  kind: ReceiptKind
  /** The recipient's own case number. */
  reference?: string
  /** For `rejected`: why, in words for the patient. */
  reason?: string
  /** For `completion-requested`: what is asked. */
  question?: string
}

/** One id for each event and kind, so that a receipt that is sent again is the same receipt. */
export function receiptIdOf(eventId: string, kind: ReceiptKind): string {
  const hex = createHash('sha256').update(`${eventId} ${kind}`).digest('hex')
  // RFC 9562, version 8: bits of one's own choosing.
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** The body of a receipt, but for the dispatch. */
export function toReceiptWords(draft: ReceiptDraft, at: Date): Omit<Receipt, 'dispatchId'> {
  const { reference, reason, question } = draft
  return {
    at: at.toISOString(),
    ...(reference === undefined ? {} : { reference }),
    ...(reason === undefined ? {} : { reason }),
    ...(question === undefined ? {} : { question }),
  }
}
