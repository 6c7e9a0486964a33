import createFetchClient from 'openapi-fetch'
import type { Client, Middleware } from 'openapi-fetch'
import type { paths } from './gateway-types.ts'
import { ProblemError, codeOf, localProblem } from './problem.ts'

export interface GatewayClientOptions {
  /** Where the API begins, with its base path: `https://api.example.se/minaintyg/v1`. */
  baseUrl: string
  /** `sv` or `en`, asked for at every call: the patient may change it. Swedish where left out. */
  language?: () => string
  /** Milliseconds that an answer may take; 20,000 unless told. */
  deadline?: number
  /** Called at every 401 of a patient's call: the session has ended, whatever ended it. */
  onSessionEnded?: (code: 'session.required' | 'session.expired') => void
  /** For Node, where no browser keeps the cookie; `globalThis.fetch` where left out. */
  fetch?: (request: Request) => Promise<Response>
}

/** `GET`, `POST`, `PUT` and `DELETE` of every path of the API, with its types. */
export type GatewayClient = Client<paths> & { readonly baseUrl: string }

const changes = new Set(['POST', 'PUT', 'DELETE', 'PATCH'])
const isProblem = (response: Response) =>
  response.headers.get('content-type')?.startsWith('application/problem+json') === true

function createMiddleware({
  language = () => 'sv',
  deadline = 20_000,
  onSessionEnded,
}: GatewayClientOptions): Middleware {
  return {
    onRequest({ request }) {
      request.headers.set('accept-language', language())
      // No form of another site can send it; a change without it is refused.
      if (changes.has(request.method)) request.headers.set('x-requested-with', 'mina-intyg')
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(deadline)])
      return new Request(request, { signal })
    },
    async onResponse({ response }) {
      if (response.ok || response.status === 304) return undefined
      if (!isProblem(response)) return localProblem('answer.unreadable', response.status)
      const code = response.status === 401 ? await codeOf(response) : undefined
      if (code === 'session.required' || code === 'session.expired') onSessionEnded?.(code)
      return undefined
    },
    onError({ error }) {
      // Whoever called took the call back, and gets the error as it is. A deadline has another name.
      if ((error as Error).name === 'AbortError') return undefined
      return localProblem('network.unavailable', 503)
    },
  }
}

/** A client of the public API. In a browser the session cookie goes along; nothing else is kept. */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const client = createFetchClient<paths>({
    baseUrl: options.baseUrl,
    credentials: 'include',
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })
  client.use(createMiddleware(options))
  return Object.assign(client, { baseUrl: options.baseUrl })
}

interface Answered {
  data?: unknown
  error?: unknown
  response: Response
}
type DataOf<T> = T extends { data: infer D; error?: never } ? D : never

const isProblemBody = (value: unknown): value is ConstructorParameters<typeof ProblemError>[0] =>
  typeof value === 'object' && value !== null && 'code' in value

/**
 * What the API answered, or a `ProblemError` thrown: `await ask(api.GET('/me'))`.
 * @throws {ProblemError}
 */
export async function ask<T extends Answered>(call: Promise<T>): Promise<DataOf<T>> {
  const { data, error, response } = await call
  if (response.ok) return data as DataOf<T>
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined
  if (isProblemBody(error)) throw new ProblemError(error, retryAfter)
  const unreadable: unknown = await localProblem('answer.unreadable', response.status).json()
  throw new ProblemError(unreadable as ConstructorParameters<typeof ProblemError>[0], retryAfter)
}
