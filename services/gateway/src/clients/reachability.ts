import type { ServiceClient } from '@minaintyg/service'

/** Whether a service answers. What is known is told at once, and asked anew behind the answer. */
export type Reachability = () => Promise<boolean>

interface Options {
  /** Milliseconds for which an answer counts. */
  freshFor?: number
  /** Milliseconds after which nothing is told that has not been asked anew. */
  staleAfter?: number
  /** Milliseconds to wait for it. */
  deadline?: number
}

export function createReachability(
  client: Pick<ServiceClient, 'request'>,
  { freshFor = 1_000, staleAfter = 5_000, deadline = 500 }: Options = {},
): Reachability {
  let known = { answers: false, at: -Infinity }
  let asking: Promise<boolean> | undefined

  async function ask(): Promise<boolean> {
    const answers = await client.request({ path: '/readyz', deadline }).then(
      () => true,
      () => false,
    )
    known = { answers, at: performance.now() }
    asking = undefined
    return answers
  }

  return async () => {
    const age = performance.now() - known.at
    if (age < freshFor) return known.answers
    asking ??= ask()
    return age < staleAfter ? known.answers : asking
  }
}
