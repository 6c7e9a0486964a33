/** One entry of a service's error catalogue; `code` (`noun.reason`) never changes once published. */
export interface ErrorDefinition {
  readonly code: string
  readonly status: number
  readonly title: string
  /** What to do next, where the thrower knows no better. */
  readonly detail?: string
}

/** What a caller may be told beside the catalogue's title. Never a value from the request. */
export interface ErrorExtras {
  /** One sentence that says what to do next. */
  detail?: string
  /** Field-level faults of a body or query: where, and what is wrong, without the value. */
  errors?: { path: string; message: string }[]
  /** Seconds until it is worth asking again; becomes `Retry-After`. */
  retryAfter?: number
  /** Members of the problem document beyond RFC 9457's own, such as the id of an earlier dispatch. */
  extensions?: Record<string, unknown>
  cause?: unknown
}

/** A failure that the caller is to be told of, mapped to RFC 9457 `application/problem+json`. */
export class AppError extends Error {
  readonly definition: ErrorDefinition
  readonly extras: Omit<ErrorExtras, 'cause'>

  constructor(definition: ErrorDefinition, { cause, ...extras }: ErrorExtras = {}) {
    super(definition.title, { cause })
    this.name = 'AppError'
    this.definition = definition
    this.extras = extras
  }

  get code(): string {
    return this.definition.code
  }
}

/** A message that no retry can mend: it goes to the dead-letter queue at once. */
export class PoisonMessageError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'PoisonMessageError'
  }
}
