import { Value } from 'typebox/value'
import type { Static, TSchema } from 'typebox'
import type { Answer } from './browser.ts'

/** A step of the way that did not hold. It names what came back by status and code, never by content. */
export class WalkError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WalkError'
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The stable code of a problem; undefined for anything else. */
export function problemCode(answer: Answer): string | undefined {
  const problem = parse(answer.text) as { code?: unknown } | undefined
  return typeof problem?.code === 'string' ? problem.code : undefined
}

/** @throws {WalkError} unless what was asked for holds */
export function hold(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new WalkError(otherwise)
}

/** @throws {WalkError} unless the answer has one of these statuses */
export function holdStatus(answer: Answer, what: string, ...statuses: number[]): void {
  const came = [String(answer.status), problemCode(answer)].filter(Boolean).join(' ')
  const expected = statuses.join(' or ')
  hold(statuses.includes(answer.status), `${what}: expected ${expected}, and ${came} came`)
}

/** The body, which must be as the contract says. @throws {WalkError} that names the first place where it is not */
export function readBody<T extends TSchema>(answer: Answer, what: string, schema: T): Static<T> {
  const body = parse(answer.text)
  const [fault] = Value.Errors(schema, body)
  hold(
    fault === undefined,
    `${what}: the body breaks its contract at ${fault?.instancePath ?? ''}: ${fault?.message ?? ''}`,
  )
  return body as Static<T>
}
