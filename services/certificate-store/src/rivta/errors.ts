/** Why a document could not be read; stable words, safe to log. */
export type UnreadableReason =
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-certificates'
  | 'unknown-encoding'
  | 'wrong-encoding'
  | 'doctype-refused'
  | 'not-well-formed'
  | 'not-a-certificate'

/** The bytes are no document of a kind that this service reads. Carries nothing of their content. */
export class UnreadableDocumentError extends Error {
  readonly reason: UnreadableReason

  constructor(reason: UnreadableReason, where?: string) {
    super(`The document cannot be read: ${reason}${where === undefined ? '' : ` at ${where}`}`)
    this.name = 'UnreadableDocumentError'
    this.reason = reason
  }
}

export type JournalFailure =
  /** A SOAP fault. `code` is VPnnn where the national platform sent it, else the fault's own code. */
  | 'fault'
  /** A result with another code than OK: `code` is its error id. */
  | 'result-error'
  | 'unreadable'
  /** Another status than SOAP has: HTTP-503. */
  | 'http'
  | 'timeout'
  /** No connection, or one that broke: `code` is the system's. */
  | 'network'
  /** Not asked: too many wait already. */
  | 'overloaded'
  /** Not asked: it has failed time after time. */
  | 'circuit-open'

/** Why there are no certificates from a journal; kind and code are safe to log. */
export class JournalError extends Error {
  readonly kind: JournalFailure
  readonly code: string | null
  /** What the question was marked with, to find it in others' logs. */
  correlationId: string | undefined

  constructor(kind: JournalFailure, code: string | null = null, options?: { cause?: unknown }) {
    super(`No certificates from the journal: ${kind}${code === null ? '' : ` ${code}`}`, options)
    this.name = 'JournalError'
    this.kind = kind
    this.code = code
  }
}
