import Type from 'typebox'
import type { Static, TObject, TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** Thrown by {@link loadConfig}; `message` names every fault, never a value. */
export class ConfigError extends Error {
  constructor(faults: string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** A variable that must be set and not empty. */
export const Required = (description: string) => Type.String({ minLength: 1, description })

/** A TCP port as a number; `PORT=0` lets the system choose. */
export const Port = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 65535, description })

/** The variables that every service has. */
export const ServiceVariables = {
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: Port('Port to listen on'),
  LOG_LEVEL: Type.String({
    default: 'info',
    pattern: '^(trace|debug|info|warn|error|fatal|silent)$',
    description:
      'Least severe level that is logged: trace, debug, info, warn, error, fatal, silent',
  }),
  METRICS_PORT: Type.Optional(
    Port('Port where Prometheus fetches `/metrics`, on HOST; no metrics where left out'),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description:
        'Base URL of a collector that takes traces over OTLP/HTTP; no traces where left out',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      default: 1,
      description: 'Share of the traces begun here that are kept; others’ are kept as they say',
    }),
  ),
  SHUTDOWN_NOTICE: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 15_000,
      default: 5_000,
      description:
        'Milliseconds after SIGTERM in which it says that it is not ready and still answers, for load balancers to notice',
    }),
  ),
}

/** Where access tokens come from: for every service that has routes of its own behind them. */
export const TokenVariables = {
  ISSUER_URL: Required('`iss` of access tokens'),
  JWKS_URL: Required('Where the public keys of access tokens are'),
}

/** Where events go: RabbitMQ, or Postgres where there is none. */
export const EventBusVariables = {
  AMQP_URL: Type.Optional(Type.String({ description: 'RabbitMQ as the event bus' })),
  AMQP_DECLARE: Type.Optional(
    Type.Boolean({
      description:
        '`false` where exchanges and queues stand there already and the user may configure nothing; else they are declared',
    }),
  ),
  EVENT_BUS_DATABASE_URL: Type.Optional(
    Type.String({ description: 'Postgres as the event bus, where AMQP_URL is not set' }),
  ),
}

/** The event bus that {@link EventBusVariables} name. @throws {ConfigError} where they name none */
export function eventBusOf(variables: {
  AMQP_URL?: string
  AMQP_DECLARE?: boolean
  EVENT_BUS_DATABASE_URL?: string
}): { url: string; declareTopology: boolean } {
  const { AMQP_URL, AMQP_DECLARE = true, EVENT_BUS_DATABASE_URL } = variables
  if (AMQP_URL !== undefined) return { url: AMQP_URL, declareTopology: AMQP_DECLARE }
  if (EVENT_BUS_DATABASE_URL === undefined) {
    throw new ConfigError(['AMQP_URL or EVENT_BUS_DATABASE_URL is missing'])
  }
  return { url: EVENT_BUS_DATABASE_URL, declareTopology: true }
}

/**
 * Reads a service's configuration out of the environment.
 * @param schema object of strings, integers and booleans; a `description` and perhaps a `default` each
 * @throws {ConfigError} that names all missing and malformed variables at once
 */
export function loadConfig<T extends TObject>(
  schema: T,
  env: Record<string, string | undefined>,
): Static<T> {
  const known = Object.keys(schema.properties)
  const set = known.flatMap((name) => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  const config = Value.Default(schema, Value.Convert(schema, Object.fromEntries(set)))
  const faults = new Set<string>()
  for (const error of Value.Errors(schema, config)) {
    if (error.keyword === 'required') {
      for (const name of error.params.requiredProperties) faults.add(`${name} is missing`)
    } else {
      faults.add(`${error.instancePath.slice(1)} ${error.message}`)
    }
  }
  if (faults.size > 0) throw new ConfigError([...faults].sort())
  return config as Static<T>
}

/** Parses a variable that holds JSON. @throws {ConfigError} that names the variable */
export function parseJsonVariable(name: string, value: string): unknown {
  try {
    return JSON.parse(value) as unknown
  } catch {
    throw new ConfigError([`${name} is not valid JSON`])
  }
}

/** The same, checked against a schema. @throws {ConfigError} that names the variable, never its value */
export function parseVariable<T extends TSchema>(
  name: string,
  value: string,
  schema: T,
): Static<T> {
  const parsed = parseJsonVariable(name, value)
  if (!Value.Check(schema, parsed)) throw new ConfigError([`${name} has not the form it must have`])
  return parsed
}

/** The same, where a function names all that is wrong, by its place and without values. @throws {ConfigError} of all of it */
export function parseFaultlessVariable(
  name: string,
  value: string,
  faultsOf: (parsed: unknown) => string[],
): unknown {
  const parsed = parseJsonVariable(name, value)
  const faults = faultsOf(parsed)
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `${name}${fault}`))
  return parsed
}

const ClientKey = Type.Object({ kty: Type.String(), kid: Type.String(), alg: Type.String() })

/** The private JWK that a service proves itself with, out of CLIENT_KEY. @throws {ConfigError} */
export const clientKeyOf = ({ CLIENT_KEY }: { CLIENT_KEY: string }): Static<typeof ClientKey> =>
  parseVariable('CLIENT_KEY', CLIENT_KEY, ClientKey)
