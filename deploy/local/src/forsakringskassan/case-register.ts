import type { ReceiptDraft } from '@minaintyg/recipient-kit'

export const modes = ['accept', 'reject', 'completion', 'slow', 'silent'] as const
/** What the authority does with what it receives. */
export type Mode = (typeof modes)[number]

/** What is kept of a dispatch: ids and times alone. */
export interface Case {
  dispatchId: string
  certificateId: string
  type: string
  sequence: number
  sha256: string
  size: number
  reference: string
  requestedAt: string
  receivedAt: string
  receipts: string[]
  revokedAt: string | null
}

const receiptsByMode: Record<Mode, (reference: string) => ReceiptDraft[]> = {
  accept: (reference) => [
    { kind: 'received', reference },
    { kind: 'accepted', reference },
  ],
  slow: (reference) => receiptsByMode.accept(reference),
  reject: (reference) => [
    { kind: 'received', reference },
    {
      kind: 'rejected',
      reference,
      reason: 'Intyget hör till ett ärende som redan är avslutat.',
    },
  ],
  completion: (reference) => [
    { kind: 'received', reference },
    {
      kind: 'completion-requested',
      reference,
      question: 'Hur länge bedömer du att arbetsförmågan är nedsatt?',
    },
  ],
  silent: () => [],
}

const mostCases = 1_000

/** The authority's books, in memory; the newest first. */
export function createCaseRegister(now: () => Date) {
  const cases = new Map<string, Case>()
  let opened = 0
  return {
    list: (): Case[] => [...cases.values()].reverse(),
    /** Opens a case and decides. @returns what to answer */
    open(
      mode: Mode,
      received: Omit<Case, 'reference' | 'receivedAt' | 'receipts' | 'revokedAt'>,
    ): ReceiptDraft[] {
      opened += 1
      const reference = `FK-${String(opened).padStart(6, '0')}`
      const receipts = receiptsByMode[mode](reference)
      cases.set(received.dispatchId, {
        ...received,
        reference,
        receivedAt: now().toISOString(),
        receipts: receipts.map(({ kind }) => kind),
        revokedAt: null,
      })
      const [oldest] = cases.keys()
      if (cases.size > mostCases && oldest !== undefined) cases.delete(oldest)
      return receipts
    },
    revoke(dispatchId: string, at: string): void {
      const found = cases.get(dispatchId)
      if (found !== undefined) found.revokedAt = at
    },
  }
}
export type CaseRegister = ReturnType<typeof createCaseRegister>
