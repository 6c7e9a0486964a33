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

export type JournalFailure = 'fault' | 'result-error' | 'unreadable'

/** A journal answered, but not with certificates. `code` is VPnnn, or the result's errorId. */
export class JournalError extends Error {
  readonly kind: JournalFailure
  readonly code: string | null

  constructor(kind: JournalFailure, code: string | null = null, options?: { cause?: unknown }) {
    super(`The journal answered with ${kind}${code === null ? '' : ` ${code}`}`, options)
    this.name = 'JournalError'
    this.kind = kind
    this.code = code
  }
}
