import '@fastify/swagger'
import type { Caller } from './authentication.ts'
import type { Trace } from './trace.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call: everyone, or a token with this scope. Every route must say it. */
    access?: 'open' | (string & {})
  }
  interface FastifyRequest {
    trace: Trace
    /** Set on every route that is not open. */
    caller: Caller
    /** Code of the problem that was answered, for the log. */
    problemCode: string | undefined
  }
}
