import '@fastify/swagger'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, RawServerDefault } from 'fastify'
import type { Logger } from 'pino'
import type { Readiness } from './readiness.ts'
import type { Trace } from './trace.ts'

export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  Logger,
  TypeBoxTypeProvider
>

/** Who calls: out of an access token that holds (RFC 9068). */
export interface Caller {
  /** OAuth client that the token was given to. */
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Patient id, or the client's id where no patient is involved. */
  readonly subject: string
  readonly jti: string
  readonly sid?: string
  readonly acr?: string
  readonly authTime?: number
  /** Client that acts for the patient through a token exchange (RFC 8693 `act`). */
  readonly actor?: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call: everyone, or a token with this scope. Every route must say it. */
    access?: 'open' | (string & {})
  }
  interface FastifyInstance {
    /** What GET /readyz goes by: whatever the service cannot do without adds itself. */
    readiness: Readiness
  }
  interface FastifyRequest {
    trace: Trace
    /** Set on every route that is not open. */
    caller: Caller
    /** Code of the problem that was answered, for the log. */
    problemCode: string | undefined
  }
}
