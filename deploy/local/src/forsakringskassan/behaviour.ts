import type { ReceiptDraft } from '@minaintyg/recipient-kit'

export const modes = [
  'accept',
  'reject',
  'completion',
  'slow',
  'silent',
  'crash-before-commit',
  'crash-before-ack',
] as const
/** What the authority does with what it receives; `accept` is normal. */
export type Mode = (typeof modes)[number]

export interface Behaviour {
  mode: Mode
  /** Milliseconds before it books what it receives. */
  delay: number
}

const accepted = ['received', 'accepted'] as const

/** What it answers, in this order. */
const kindsByMode: Record<Mode, readonly ReceiptDraft['kind'][]> = {
  accept: accepted,
  slow: accepted,
  reject: ['received', 'rejected'],
  completion: ['received', 'completion-requested'],
  silent: [],
  'crash-before-commit': accepted,
  'crash-before-ack': accepted,
}

const words: Partial<Record<ReceiptDraft['kind'], Partial<ReceiptDraft>>> = {
  rejected: { reason: 'Intyget hör till ett ärende som redan är avslutat.' },
  'completion-requested': { question: 'Hur länge bedömer du att arbetsförmågan är nedsatt?' },
}

export const kindsOf = (mode: Mode) => kindsByMode[mode]

export const toReceipts = (mode: Mode, reference: string): ReceiptDraft[] =>
  kindsByMode[mode].map((kind) => ({ kind, reference, ...words[kind] }))
