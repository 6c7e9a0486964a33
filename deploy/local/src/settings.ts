import { resolve } from 'node:path'
import Type from 'typebox'
import { loadConfig } from '@minaintyg/config'

const Variables = Type.Object({
  MINAINTYG_PORT_BASE: Type.Integer({ minimum: 1024, maximum: 65520, default: 8080 }),
  MINAINTYG_STATE_DIR: Type.String({ default: '.demo' }),
  MINAINTYG_FRONTEND_ORIGIN: Type.Optional(Type.String({ pattern: '^https?://[^/?#]+$' })),
  AMQP_URL: Type.Optional(Type.String({ pattern: '^amqps?://' })),
  LOG_LEVEL: Type.String({ default: 'info' }),
  RECIPIENTS: Type.Optional(Type.String({ minLength: 1 })),
  MINAINTYG_RATE_LIMIT: Type.Optional(Type.Integer({ minimum: 1 })),
  METRICS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://' })),
  ONCE: Type.Optional(Type.String()),
})

/** The few things that can be told from outside; everything else follows from them. */
export interface Settings {
  portBase: number
  /** Absolute; all that a run leaves behind lies in it. */
  stateDir: string
  /** Where pages of one’s own are: log-ins return there, and it may call; the reference web client where left out. */
  frontendOrigin?: string | undefined
  /** RabbitMQ as the event bus; where left out it is Postgres. */
  amqpUrl: string | undefined
  logLevel: string
  /** Who takes certificates, as RECIPIENTS has it; the authorities where left out. */
  recipients?: string | undefined
  /** Calls a minute that the gateway allows, for tests that call oftener than people do; its own limits where left out. */
  rateLimit?: number | undefined
  /** Where all parties' metrics are, in one; nowhere where left out. */
  metricsPort?: number | undefined
  /** Where traces go; nowhere where left out. */
  traceEndpoint?: string | undefined
  /** Walk the patient's way and end. */
  once: boolean
}

const repository = resolve(import.meta.dirname, '../../..')

export function readSettings(env: Record<string, string | undefined>): Settings {
  const variables = loadConfig(Variables, env)
  return {
    portBase: variables.MINAINTYG_PORT_BASE,
    stateDir: resolve(repository, variables.MINAINTYG_STATE_DIR),
    frontendOrigin: variables.MINAINTYG_FRONTEND_ORIGIN,
    amqpUrl: variables.AMQP_URL,
    logLevel: variables.LOG_LEVEL,
    recipients: variables.RECIPIENTS,
    rateLimit: variables.MINAINTYG_RATE_LIMIT,
    metricsPort: variables.METRICS_PORT,
    traceEndpoint: variables.OTEL_EXPORTER_OTLP_ENDPOINT,
    once: variables.ONCE === '1',
  }
}
