import type { components } from './gateway-types.ts'

/** What the API says no with (RFC 9457), discriminated by `code`. */
export type Problem = components['schemas']['Problem']
export type ProblemCode = Problem['code']

/** What no answer of the API says: there was none, or it was not the API that answered. */
export const localCodes = ['network.unavailable', 'answer.unreadable'] as const
export type LocalCode = (typeof localCodes)[number]

/** Thrown by `ask`. `code` never changes and is what one switches on. */
export class ProblemError extends Error {
  readonly code: ProblemCode | LocalCode
  readonly status: number
  /** To quote when asking for help; empty where the API was not reached. */
  readonly traceId: string
  /** What was wrong with the request, for developers. */
  readonly errors: readonly { path: string; message: string }[]
  /** Seconds to wait before the next try, where the answer said so. */
  readonly retryAfter: number | undefined

  constructor(
    problem: Omit<Problem, 'code'> & { code: ProblemCode | LocalCode },
    retryAfter?: number,
  ) {
    super(problem.code)
    this.name = 'ProblemError'
    this.code = problem.code
    this.status = problem.status
    this.traceId = problem.traceId
    this.errors = problem.errors ?? []
    this.retryAfter = retryAfter
  }
}

const titles: Record<LocalCode, string> = {
  'network.unavailable': 'The API cannot be reached',
  'answer.unreadable': 'What answered was not the API',
}

/** An answer that looks as if the API had given it, so that callers meet one form alone. */
export function localProblem(code: LocalCode, status: number): Response {
  const problem = {
    type: 'about:blank',
    title: titles[code],
    status,
    detail: titles[code],
    instance: '',
    code,
    traceId: '',
  }
  return new Response(JSON.stringify(problem), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })
}

/** Whether the same call may succeed in a while. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ProblemError &&
  (error.status === 429 || error.status === 503 || error.status === 504)

const isSessionCode = (code: string) => code === 'session.required' || code === 'session.expired'

/** Whether one has to log in, or log in again. */
export const isSessionEnded = (error: unknown): boolean =>
  error instanceof ProblemError && isSessionCode(error.code)

export async function codeOf(response: Response): Promise<string | undefined> {
  const body = (await response
    .clone()
    .json()
    .catch(() => undefined)) as { code?: unknown } | undefined
  return typeof body?.code === 'string' ? body.code : undefined
}
