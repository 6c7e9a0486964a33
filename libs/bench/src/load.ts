import { Client } from 'undici'
import type { Metrics } from './benchmark.ts'
import { percentile } from './statistics.ts'

export interface LoadOptions {
  /** Origin, such as `http://127.0.0.1:8080`. */
  url: string
  /** Requests to take turns with; each connection begins at another one. */
  requests: readonly LoadRequest[]
  /** Each has one request under way: the next begins when the answer is there whole. */
  connections: number
  /** Milliseconds. */
  duration: number
}

export interface LoadRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers?: Record<string, string>
  body?: string
  /** Called anew for every request: an idempotency key, a fresh id. */
  vary?: () => Partial<LoadRequest>
  /** Status that the answer must have, or one of those; 200 where left out. */
  status?: number | readonly number[]
}

export interface Load extends Metrics {
  perSecond: number
  /** Milliseconds of whole answers. */
  p50: number
  p90: number
  p99: number
  requests: number
}

/** @returns the status. @throws {Error} at another one than it must have */
export async function ask(client: Client, origin: string, request: LoadRequest): Promise<number> {
  const { method = 'GET', path, headers = {}, body, status = 200, vary } = request
  const varied = { method, path, headers, body: body ?? null, ...vary?.() }
  const answer = await client.request(varied)
  if (![status].flat().includes(answer.statusCode)) {
    const said = await answer.body.text()
    throw new Error(`${method} ${origin}${path} answered ${answer.statusCode}: ${said}`)
  }
  await answer.body.dump({ limit: Infinity })
  return answer.statusCode
}

/**
 * Asks over kept-alive connections, each as fast as it is answered, for a while.
 * @throws {Error} at the first answer with another status: fast failures are no throughput
 */
export async function load(options: LoadOptions): Promise<Load> {
  const { url, requests, connections, duration } = options
  const took: number[] = []
  const began = performance.now()
  const until = began + duration
  await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const client = new Client(url)
      try {
        for (let turn = index; performance.now() < until; turn += 1) {
          const request = requests[turn % requests.length]
          if (request === undefined) throw new Error('There is nothing to ask')
          const asked = performance.now()
          await ask(client, url, request)
          took.push(performance.now() - asked)
        }
      } finally {
        await client.close()
      }
    }),
  )
  const seconds = (performance.now() - began) / 1_000
  return {
    perSecond: took.length / seconds,
    p50: percentile(took, 0.5),
    p90: percentile(took, 0.9),
    p99: percentile(took, 0.99),
    requests: took.length,
  }
}
