import { AppError } from '@minaintyg/errors'
import type { ErrorDefinition } from '@minaintyg/errors'
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
  const { method = 'GET', path, query, body, token, headers = {}, trace } = request
  return {
    method,
    path: path + toSearch(query),
    headers: {
      accept: 'application/json, application/problem+json',
      [budgetHeader]: String(budget),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(trace === undefined ? {} : { traceparent: trace.traceparent }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(budget),
  }
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
const longestIdle = 4_000

const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
const isBroken = (error: unknown) =>
  error instanceof Error && 'code' in error && broken.has(String(error.code))

/**
 * Calls one neighbour: bounded connections and queue, a deadline for each call that shrinks with the time its own caller has
 * left, its problems passed on with their codes. A GET whose connection breaks before it is answered is asked once more;
 * nothing else is, for it may have been done.
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { name, baseUrl, deadline = 5_000, connections = 64 } = options
  const { queue = 1_000, maxResponseSize = 32 * 1024 * 1024 } = options
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
    if (budget === 0) throw new Error('nobody waits for the answer any more')
    const options = toOptions(request, budget)
    const answer = await pool.request(options).catch((error: unknown) => {
      if (options.method !== 'GET' || !isBroken(error)) throw error
      return pool.request(options)
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: Buffer.from(await answer.body.arrayBuffer()),
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
