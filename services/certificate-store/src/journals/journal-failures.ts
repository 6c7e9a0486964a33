import { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel'
import { JournalError } from '../rivta/errors.ts'

const codeOf = (error: unknown): string | null => {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : null
}

const brokenConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

export const isBrokenConnection = (error: unknown): boolean =>
  brokenConnection.has(codeOf(error) ?? '')

function classified(cause: unknown): JournalError {
  if (cause instanceof JournalError) return cause
  if (cause instanceof BulkheadRejectedError) return new JournalError('overloaded')
  if (cause instanceof BrokenCircuitError) return new JournalError('circuit-open')
  if (cause instanceof DOMException && cause.name === 'TimeoutError') {
    return new JournalError('timeout', null, { cause })
  }
  return new JournalError('network', codeOf(cause), { cause })
}

/** What a journal says about one patient, or of our question, does not make it a failing journal. */
export function isJournalsOwn(error: unknown): boolean {
  const { kind, code } = classified(error)
  if (kind === 'result-error') return code === 'TECHNICAL_ERROR'
  return !(kind === 'fault' && (code === 'Client' || code === 'Sender'))
}

/** Any error of a question as a JournalError, with the id that whoever runs the journal can search for. */
export function toJournalError(error: unknown, correlationId: string): JournalError {
  const failure = classified(error)
  failure.correlationId = correlationId
  return failure
}

export interface JournalFailureReport {
  kind: string
  code: string | null
  correlationId?: string
}

/** Why a journal could not be asked, in words that are safe to log. */
export function describeJournalFailure(error: unknown): JournalFailureReport {
  if (!(error instanceof JournalError)) {
    const { name } = error as { name?: unknown }
    return { kind: typeof name === 'string' ? name : 'unknown', code: codeOf(error) }
  }
  const { kind, code, correlationId } = error
  return { kind, code, ...(correlationId === undefined ? {} : { correlationId }) }
}
