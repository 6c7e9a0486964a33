import { isPassing } from './problem.ts'

export interface FollowOptions<T> {
  /** Nothing more is asked once this holds. */
  isDone: (value: T) => boolean
  /** Ends it, also in the middle of a wait. */
  signal?: AbortSignal
  /** Milliseconds between two questions, longer and longer while nothing changes; the last one stays. */
  delays?: readonly number[]
  /** For tests, and for pages that want to ask sooner when they are looked at again. */
  wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

const backOff = [1_000, 1_500, 2_500, 4_000, 6_000, 10_000, 15_000, 30_000] as const

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
  })
}

/**
 * Asks again and again, and gives each answer that differs from the one before, until it is done. It asks
 * often after a change and seldom where nothing happens; a service that is away for a while is waited for.
 * @throws what `ask` throws, unless it passes
 */
export async function* follow<T>(
  ask: () => Promise<T>,
  { isDone, signal, delays = backOff, wait = pause }: FollowOptions<T>,
): AsyncGenerator<T, void, undefined> {
  let last: string | undefined
  let step = 0
  const isOver = () => signal?.aborted === true
  while (!isOver()) {
    const answer = await ask().then(
      (value) => ({ value }),
      (error: unknown) => {
        if (isPassing(error)) return undefined
        throw error
      },
    )
    if (isOver()) return
    if (answer !== undefined) {
      const text = JSON.stringify(answer.value)
      if (text !== last) {
        last = text
        step = 0
        yield answer.value
      }
      if (isDone(answer.value)) return
    }
    await wait(delays[Math.min(step, delays.length - 1)] ?? 0, signal)
    step += 1
  }
}
