import type { BusState, Subscription } from './event-bus.ts'

/** The state of a bus and those who watch it. */
export function createBusLifecycle() {
  let current: BusState = 'connecting'
  const listeners = new Set<(state: BusState) => void>()
  return {
    state: () => current,
    set: (next: BusState) => {
      if (next === current || current === 'closed') return
      current = next
      for (const listener of listeners) listener(next)
    },
    onStateChange: (listener: (state: BusState) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Settles as `work` does, or fails with `error()` after a time; `work` itself goes on. */
export async function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  error: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(error())
    }, milliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}

/** What a subscription means where it says nothing. */
export const withDefaults = (subscription: Subscription): Required<Subscription> => ({
  concurrency: 5,
  retryLimit: Infinity,
  retryDelay: (attempt) => Math.min(30_000, 1_000 * 2 ** (attempt - 1)),
  ...subscription,
})
