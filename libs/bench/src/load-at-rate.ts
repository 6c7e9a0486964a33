import { Client } from 'undici'
import type { Metrics } from './benchmark.ts'
import { ask } from './load.ts'
import type { LoadRequest } from './load.ts'
import { percentile } from './statistics.ts'

export interface LoadAtRateOptions {
  /** Origin, such as `http://127.0.0.1:8080`. */
  url: string
  request: LoadRequest
  /** Requests that begin in a second, whether those before them are answered or not. */
  perSecond: number
  /** Milliseconds. */
  duration: number
  /** A connection that breaks counts as another answer: for what is there to be too much. */
  mayBreak?: boolean
}

export interface LoadAtRate extends Metrics {
  /** Milliseconds of whole answers, from when each was due to be asked. */
  p50: number
  p95: number
  p99: number
  requests: number
  /** Answers that have not the first status that they may have. */
  others: number
}

/**
 * Asks at a constant rate, each over a connection of its own, so that a slow answer delays no other question.
 * @throws {Error} where an answer has another status
 */
export async function loadAtRate(options: LoadAtRateOptions): Promise<LoadAtRate> {
  const { url, request, perSecond, duration, mayBreak = false } = options
  const count = Math.max(1, Math.round((duration / 1_000) * perSecond))
  const idle: Client[] = []
  const took: number[] = []
  let others = 0
  const began = performance.now()

  async function askAt(due: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    const client = idle.pop() ?? new Client(url)
    try {
      const status = await ask(client, url, request)
      if (status !== [request.status ?? 200].flat()[0]) others += 1
    } catch (error) {
      if (!mayBreak) throw error
      others += 1
      await client.destroy()
      return
    }
    took.push(performance.now() - due)
    idle.push(client)
  }
  await Promise.all(
    Array.from({ length: count }, (_, index) => askAt(began + (index * 1_000) / perSecond)),
  )
  await Promise.all(idle.map((client) => client.close()))
  return {
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
    p99: percentile(took, 0.99),
    requests: count,
    others,
  }
}
