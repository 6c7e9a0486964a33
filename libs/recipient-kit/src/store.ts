import type { ReceiptDraft } from './receipt-draft.ts'

/** Remembers which events have had their effect, and what was to be said of them. */
export interface RecipientStore<Tx> {
  /** The receipts of an event that has been handled. */
  find: (eventId: string) => Promise<readonly ReceiptDraft[] | undefined>
  /** Runs the effect once for each event; it and the memory of it commit together. */
  once: (
    eventId: string,
    effect: (tx: Tx) => Promise<readonly ReceiptDraft[]>,
  ) => Promise<readonly ReceiptDraft[]>
}

const mostRemembered = 100_000

/** Remembers while the process lives: to begin with, and for tests. */
export function createMemoryStore(): RecipientStore<undefined> {
  const handled = new Map<string, Promise<readonly ReceiptDraft[]>>()
  return {
    async find(eventId) {
      return handled.get(eventId)?.catch(() => undefined)
    },
    async once(eventId, effect) {
      const known = handled.get(eventId)
      if (known !== undefined) return known
      const work = effect(undefined)
      handled.set(eventId, work)
      const [oldest] = handled.keys()
      if (handled.size > mostRemembered && oldest !== undefined) handled.delete(oldest)
      try {
        return await work
      } catch (error) {
        handled.delete(eventId)
        throw error
      }
    },
  }
}
