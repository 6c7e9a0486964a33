/**
 * How many milliseconds the caller still waits for the answer: a span and no time of day, because clocks differ. It only ever
 * shrinks on the way, so that nobody works for whom nobody waits.
 */
export const budgetHeader = 'x-request-budget'

const pattern = /^\d{1,6}$/

/** When a caller stops waiting, on the clock of `performance.now()`; undefined where its header does not say. */
export function deadlineOf(header: unknown, now = performance.now()): number | undefined {
  return typeof header === 'string' && pattern.test(header) ? now + Number(header) : undefined
}

/** The shorter of what a call may take by itself and what is left until a deadline; 0 where nothing is. */
export function budgetWithin(
  own: number,
  deadline: number | undefined,
  now = performance.now(),
): number {
  return deadline === undefined ? own : Math.max(0, Math.min(own, Math.floor(deadline - now)))
}
