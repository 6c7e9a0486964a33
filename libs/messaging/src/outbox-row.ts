/** An event in the outbox, as hooks of the relay see it. */
export interface OutboxEvent {
  /** The event's id, and the broker's message id. */
  id: string
  type: string
  subject: string | null
  exchange: string
  routingKey: string
  /** The exact bytes that leave: a CloudEvent as JSON. */
  body: Buffer
  headers: Record<string, string>
  /** Of the request that it came of. */
  traceparent: string | null
  /** Failed attempts so far. */
  attempts: number
}

const minutes = 60_000
const hours = 60 * minutes

/** Milliseconds from each attempt to the next; after the last the event is parked. 75 h in all. */
export const retryLadder: readonly number[] = [
  0,
  5_000,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
]

/** When to try again after a number of failed attempts; undefined means: park it. */
export function nextAttempt(failedAttempts: number, now: Date): Date | undefined {
  const delay = retryLadder[failedAttempts]
  return delay === undefined ? undefined : new Date(now.getTime() + delay)
}
