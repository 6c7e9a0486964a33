import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

class LogInRefusal extends Error {
  readonly code: string

  constructor(code: string) {
    super('The log-in does not hold')
    this.name = 'LogInRefusal'
    this.code = code
  }
}

/** `login.failed` to whoever asks; what did not hold stands in the audit alone. */
export const refusal = (code: string): AppError =>
  new AppError(errors.logInFailed, { cause: new LogInRefusal(code) })

const codePattern = /^[\w.-]{1,80}$/

/** What lay behind an error, as a code and never as text that could quote data. */
export function reasonBehind(error: unknown): string | undefined {
  const { cause } = error as { cause?: unknown }
  if (!(cause instanceof Error)) return undefined
  const { code, name } = cause as Error & { code?: unknown }
  return typeof code === 'string' && codePattern.test(code) ? code : name
}
