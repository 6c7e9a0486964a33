import type { Delivery } from './event-bus.ts'

/** What becomes of a dead letter that was looked at. */
export type DeadLetterVerdict = 'keep' | 'remove' | 'put-back'

/** Dead letters looked at in one go. */
export const mostDeadLetters = 1_000

/** The dead letters of queues, for a person who looks and decides. */
export interface DeadLetters {
  /**
   * Goes through the dead letters of a queue, oldest first, each as it was delivered when it died. Those that are kept stay
   * where they are; what is put back goes to the queue that it came from. When `decide` throws, that one is kept.
   * @returns how many left
   */
  goThrough: (
    queue: string,
    decide: (delivery: Delivery) => Promise<DeadLetterVerdict>,
  ) => Promise<number>
  close: () => Promise<void>
}
