import type { OutboxEvent } from './outbox-row.ts'

/** What came of some events. */
export type Part<T> = { events: readonly OutboxEvent[] } & ({ result: T } | { error: unknown })

/**
 * Does something for all events at once; where that fails, for each alone, so that one that fails holds up no other.
 * @param until a moment of `performance.now()` after which no more is begun: those events are in no part
 */
export async function inParts<T>(
  events: readonly OutboxEvent[],
  run: (events: readonly OutboxEvent[]) => Promise<T>,
  until = Infinity,
): Promise<Part<T>[]> {
  if (events.length === 0) return []
  try {
    return [{ events, result: await run(events) }]
  } catch (error) {
    if (events.length === 1) return [{ events, error }]
  }
  const parts: Part<T>[] = []
  for (const event of events) {
    if (performance.now() > until) break
    parts.push(...(await inParts([event], run)))
  }
  return parts
}
