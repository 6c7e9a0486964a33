import { AppError } from '@minaintyg/errors'
import type { ErrorDefinition } from '@minaintyg/errors'
import { nameNeighbour } from '@minaintyg/telemetry'
import { Pool } from 'undici'
import { budgetHeader, budgetWithin } from './budget.ts'
import { serviceErrors } from './problem.ts'
import type { Trace } from './trace.ts'

export interface ServiceRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  query?: Record<string, string | number | boolean | readonly string[] | undefined>
  /** JSON. */
  body?: unknown
  token?: string
  headers?: Record<string, string>
  /** Also says how long the one for whom this is asked still waits. */
  trace?: Trace
  /** Milliseconds; the client's own where left out. */
  deadline?: number
}

export interface ServiceResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export interface ServiceClient {
  /** @throws {AppError} the neighbour's own problem (4xx), or `<name>.unavailable` where it is down, slow or broken */
  request(request: ServiceRequest): Promise<ServiceResponse>
  /** The same, with the JSON body parsed. The contract is what vouches for the type. */
  json<T>(request: ServiceRequest): Promise<T>
  close(): Promise<void>
}

export interface ServiceClientOptions {
  /** The neighbour, as its problem codes name it. */
  name: string
  baseUrl: string
  /** Milliseconds for the whole answer. */
  deadline?: number
  /** Upper bound of connections. */
  connections?: number
  /** Upper bound of calls that wait for a connection; more are refused at once. */
  queue?: number
  /** Bytes of an answer. */
  maxResponseSize?: number
}

interface ProblemBody {
  code?: unknown
  title?: unknown
  detail?: unknown
  errors?: { path: string; message: string }[]
}

const ownMembers = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'code',
  'traceId',
  'errors',
])

/** A neighbour's problem, so that it can be told on with its code. */
function asAppError(status: number, body: Buffer): AppError | undefined {
  try {
    const problem = JSON.parse(body.toString('utf8')) as ProblemBody
    if (typeof problem.code !== 'string' || typeof problem.title !== 'string') return undefined
    const definition: ErrorDefinition = { code: problem.code, status, title: problem.title }
    const extensions = Object.fromEntries(
      Object.entries(problem).filter(([name]) => !ownMembers.has(name)),
    )
    return new AppError(definition, {
      ...(typeof problem.detail === 'string' ? { detail: problem.detail } : {}),
      ...(Array.isArray(problem.errors) ? { errors: problem.errors } : {}),
      extensions,
    })
  } catch {
    return undefined
  }
}

function toSearch(query: ServiceRequest['query'] = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) if (each !== undefined) parameters.append(name, String(each))
  }
  const search = parameters.toString()
  return search === '' ? '' : `?${search}`
}

function toOptions(request: ServiceRequest, budget: number) {
  const { method = 'GET', path, query, body, token, trace } = request
  const headers: Record<string, string> = {
    accept: 'application/json, application/problem+json',
    [budgetHeader]: String(budget),
  }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (trace !== undefined) headers['traceparent'] = trace.traceparent
  return {
    method,
    path: query === undefined ? path : path + toSearch(query),
    headers: request.headers === undefined ? headers : { ...headers, ...request.headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
}

/** The whole answer in one buffer, in time: takes half of what streams, promises and signals take to say the same. */
function dispatch(
  pool: Pool,
  options: ReturnType<typeof toOptions>,
  milliseconds: number,
): Promise<ServiceResponse> {
  return new Promise((resolve, reject) => {
    const answer: ServiceResponse = { status: 0, headers: {}, body: Buffer.alloc(0) }
    const chunks: Buffer[] = []
    let late: Error | undefined
    let abort: (reason: Error) => void = reject
    const timer = setTimeout(() => {
      late = new DOMException('The answer did not come in time', 'TimeoutError')
      abort(late)
    }, milliseconds)
    pool.dispatch(options, {
      onRequestStart(controller) {
        abort = (reason) => {
          controller.abort(reason)
        }
        // It waited for a connection until nobody waited for it.
        if (late !== undefined) abort(late)
      },
      onResponseStart(_controller, status, headers) {
        answer.status = status
        answer.headers = headers
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        clearTimeout(timer)
        const [first = answer.body, ...more] = chunks
        answer.body = more.length === 0 ? first : Buffer.concat(chunks)
        resolve(answer)
      },
      onResponseError(_controller, error) {
        clearTimeout(timer)
        reject(error)
      },
    })
  })
}

/** Refuses what would be more than so many at a time. */
function createBound(most: number) {
  let underWay = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (underWay >= most) throw new Error('too many calls are under way')
    underWay += 1
    try {
      return await work()
    } finally {
      underWay -= 1
    }
  }
}

/** Milliseconds; less than SHUTDOWN_NOTICE, so that a neighbour that ends has no idle connection that is just taken up again. */
export const longestIdle = 4_000

const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
const isBroken = (error: unknown) => {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && broken.has(code)
}

/**
 * Calls one neighbour: bounded connections and queue, a deadline for each call that shrinks with the time its own caller has
 * left, its problems passed on with their codes. A GET whose connection breaks before it is answered is asked once more;
 * nothing else is, for it may have been done.
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { name, baseUrl, deadline = 5_000, connections = 64 } = options
  const { queue = 1_000, maxResponseSize = 32 * 1024 * 1024 } = options
  nameNeighbour(baseUrl, name)
  const pool = new Pool(baseUrl, {
    connections,
    connectTimeout: 2_000,
    keepAliveMaxTimeout: longestIdle,
    pipelining: 1,
    maxResponseSize,
  })
  const unavailable = { ...serviceErrors.unavailable, code: `${name}.unavailable` }

  const bounded = createBound(connections + queue)

  async function send(request: ServiceRequest): Promise<ServiceResponse> {
    const budget = budgetWithin(request.deadline ?? deadline, request.trace?.deadline)
    if (budget === 0) throw new DOMException('Nobody waits any more', 'TimeoutError')
    const options = toOptions(request, budget)
    const until = performance.now() + budget
    try {
      return await dispatch(pool, options, budget)
    } catch (error) {
      if (options.method !== 'GET' || !isBroken(error)) throw error
      return dispatch(pool, options, Math.max(1, until - performance.now()))
    }
  }

  async function request(wanted: ServiceRequest): Promise<ServiceResponse> {
    let response: ServiceResponse
    try {
      response = await bounded(() => send(wanted))
    } catch (cause) {
      throw new AppError(unavailable, { cause })
    }
    if (response.status < 400) return response
    const problem = asAppError(response.status, response.body)
    // A 401 between services is our own fault and nothing that the caller could mend.
    const tellable = response.status < 500 || response.status === 503
    if (problem !== undefined && tellable && problem.code !== serviceErrors.tokenInvalid.code) {
      throw problem
    }
    throw new AppError(unavailable, { cause: problem })
  }

  return {
    request,
    async json<T>(wanted: ServiceRequest) {
      const { body } = await request(wanted)
      try {
        return JSON.parse(body.toString('utf8')) as T
      } catch (cause) {
        throw new AppError(unavailable, { cause })
      }
    },
    close: () => pool.close(),
  }
}
