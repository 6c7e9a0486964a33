import { Pool } from 'undici'
import { AppError } from '@minaintyg/errors'
import { budgetHeader, longestIdle, serviceErrors } from '@minaintyg/service'
import type { ServiceResponse } from '@minaintyg/service'
import { orTimeout } from './late-answers.ts'

export interface PassageRequest {
  method: 'GET' | 'HEAD' | 'POST'
  /** With its query. */
  path: string
  headers: Record<string, string | undefined>
  body?: string
}

/** Carries a call to a service as it came, with the caller’s own credentials, and its answer back. */
export interface OpenPassage {
  /** Whatever it answers, faults too. @throws {AppError} `<name>.unavailable` where it does not, `service.timeout` where not in time */
  pass(request: PassageRequest): Promise<ServiceResponse>
  /** What was passed back, where it is no fault. @throws {AppError} its problem; `<name>.unavailable` where it fails */
  accept(response: ServiceResponse): ServiceResponse
  /** The two in one. @throws {AppError} as {@link OpenPassage.accept} */
  ask(request: PassageRequest): Promise<ServiceResponse>
  close(): Promise<void>
}

interface ProblemBody {
  code: string
  title: string
  detail?: string
  errors?: { path: string; message: string }[]
}

function problemOf({ status, body }: ServiceResponse): AppError | undefined {
  try {
    const { code, title, detail, errors } = JSON.parse(body.toString('utf8')) as ProblemBody
    if (typeof code !== 'string' || typeof title !== 'string') return undefined
    return new AppError(
      { code, status, title },
      { ...(detail === undefined ? {} : { detail }), ...(errors === undefined ? {} : { errors }) },
    )
  } catch {
    return undefined
  }
}

/** Calls that wait for a connection; more are refused at once. */
const longestQueue = 1_000
const largestAnswer = 32 * 1024 * 1024

export function createOpenPassage(options: {
  name: string
  baseUrl: string
  deadline: number
}): OpenPassage {
  const pool = new Pool(options.baseUrl, {
    connections: 64,
    connectTimeout: 2_000,
    keepAliveMaxTimeout: longestIdle,
  })
  const unavailable = (cause?: unknown) =>
    new AppError({ ...serviceErrors.unavailable, code: `${options.name}.unavailable` }, { cause })

  async function pass({ method, path, headers, body }: PassageRequest): Promise<ServiceResponse> {
    if (pool.stats.queued >= longestQueue) throw unavailable()
    try {
      const answer = await pool.request({
        method,
        path,
        headers: Object.fromEntries(
          Object.entries({ [budgetHeader]: String(options.deadline), ...headers }).filter(
            (header): header is [string, string] => Boolean(header[1]),
          ),
        ),
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(options.deadline),
      })
      const chunks: Buffer[] = []
      let size = 0
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > largestAnswer) throw new Error('answer too large')
        chunks.push(chunk)
      }
      return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
    } catch (cause) {
      throw orTimeout(unavailable(cause))
    }
  }

  function accept(response: ServiceResponse): ServiceResponse {
    if (response.status < 400) return response
    const problem = problemOf(response)
    const tellable = response.status < 500 || response.status === 503
    throw tellable && problem !== undefined ? problem : unavailable(problem)
  }

  return {
    pass,
    accept,
    ask: async (request) => accept(await pass(request)),
    close: () => pool.close(),
  }
}
