import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

class LogInRefusal extends Error {
  readonly code: string
  readonly patientIds: readonly string[]

  constructor(code: string, patientIds: readonly string[]) {
    super('The log-in does not hold')
    this.name = 'LogInRefusal'
    this.code = code
    this.patientIds = patientIds
  }
}

/** `login.failed` to whoever asks; what did not hold stands in the audit alone. */
export const refusal = (code: string): AppError =>
  new AppError(errors.logInFailed, { cause: new LogInRefusal(code, []) })

/** The numbers of one person are those of several patients: only a human being can say who it is. */
export const personConflict = (patientIds: readonly string[]): AppError =>
  new AppError(errors.logInFailed, { cause: new LogInRefusal('person.conflict', patientIds) })

/** Patients that an operator must look at; none for most errors. */
export function patientsInConflict(error: unknown): readonly string[] {
  const { cause } = error as { cause?: unknown }
  return cause instanceof LogInRefusal ? cause.patientIds : []
}

const codePattern = /^[\w.-]{1,80}$/

/** What lay behind an error, as a code and never as text that could quote data. */
export function reasonBehind(error: unknown): string | undefined {
  const { cause } = error as { cause?: unknown }
  if (!(cause instanceof Error)) return undefined
  const { code, name } = cause as Error & { code?: unknown }
  return typeof code === 'string' && codePattern.test(code) ? code : name
}
