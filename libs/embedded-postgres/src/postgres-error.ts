/** Why Postgres could not be started: `code` for programs, `message` with the server's own words for people. */
export class PostgresError extends Error {
  readonly code: 'in-use' | 'port-occupied' | 'wrong-version' | 'no-binaries' | 'start-failed'

  constructor(code: PostgresError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PostgresError'
    this.code = code
  }
}
