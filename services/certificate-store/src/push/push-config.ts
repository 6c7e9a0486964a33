import { isIP } from 'node:net'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError, Port, parseVariable } from '@minaintyg/config'
import Type from 'typebox'
import type { Static } from 'typebox'
import type { JournalSource } from '../journals/journal-source.ts'

const loopback = '127.0.0.1'
const day = 86_400_000
const File = (description: string) => Type.Optional(Type.String({ description }))

export const PushVariables = {
  PUSH_PORT: Type.Optional(
    Port('Port on which journals push certificates; where left out, none can'),
  ),
  PUSH_HOST: Type.Optional(
    Type.String({ default: loopback, description: 'Address to listen on for pushes' }),
  ),
  PUSH_CALLERS: Type.Optional(
    Type.String({
      description:
        'JSON list of who may push: {hsaId, source: id in JOURNALS}, or {hsaId, passesOn: true} for a platform, whose x-rivta-original-serviceconsumer-hsaid is believed',
    }),
  ),
  PUSH_LOGICAL_ADDRESSES: Type.Optional(
    Type.String({ description: 'Logical addresses of this service, comma between' }),
  ),
  PUSH_TLS_CERT_FILE: File('PEM file of the certificate for pushes, with its chain'),
  PUSH_TLS_KEY_FILE: File('PEM file of its private key'),
  PUSH_TLS_CA_FILE: File('PEM file of the authorities that sign the callers’ certificates'),
  PUSH_PLAIN: Type.Optional(
    Type.String({
      pattern: '^loopback$',
      description:
        '`loopback`: no TLS, and everyone on this machine is believed to be who they say. For a laptop',
    }),
  ),
  PUSH_GRACE: Type.Optional(
    Type.Integer({
      minimum: 0,
      default: day,
      description: 'Milliseconds that a pushed certificate may be absent from its journal’s list',
    }),
  ),
  RIVTA_SCHEMA_DIR: Type.Optional(
    Type.String({
      description:
        'Folder of the official schemas (with `interactions` and `core_components`): what is pushed is checked against them as well',
    }),
  ),
}
export type PushVariables = Static<Type.TObject<typeof PushVariables>>

const Callers = Type.Array(
  Type.Union([
    Type.Object(
      { hsaId: Type.String({ minLength: 1 }), source: Type.String() },
      { additionalProperties: false },
    ),
    Type.Object(
      { hsaId: Type.String({ minLength: 1 }), passesOn: Type.Literal(true) },
      { additionalProperties: false },
    ),
  ]),
  { minItems: 1 },
)

/** Who may push, by HSA id in upper case. */
export interface Callers {
  sources: ReadonlyMap<string, JournalSource>
  platforms: ReadonlySet<string>
}

export interface PushTls {
  cert: string
  key: string
  ca: string
}

export interface PushSettings {
  host: string
  port: number
  callers: Callers
  logicalAddresses: readonly string[]
  /** Milliseconds that a journal’s list may lag behind. */
  grace: number
  /** None on loopback alone, where it was asked for. */
  tls: PushTls | undefined
}

const normal = (hsaId: string) => hsaId.trim().toUpperCase()

function callersOf(value: string, journals: readonly JournalSource[]): Callers {
  const callers = parseVariable('PUSH_CALLERS', value, Callers)
  if (new Set(callers.map(({ hsaId }) => normal(hsaId))).size < callers.length) {
    throw new ConfigError(['PUSH_CALLERS names an HSA id twice'])
  }
  const sources = new Map<string, JournalSource>()
  const platforms = new Set<string>()
  for (const caller of callers) {
    if ('passesOn' in caller) platforms.add(normal(caller.hsaId))
    else {
      const journal = journals.find(({ id }) => id === caller.source)
      if (journal === undefined) {
        throw new ConfigError(['PUSH_CALLERS names a source that is not in JOURNALS'])
      }
      sources.set(normal(caller.hsaId), journal)
    }
  }
  return { sources, platforms }
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

function read(name: keyof PushVariables, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new ConfigError([`${name} cannot be read`])
  }
}

function check({ cert, key, ca }: PushTls): PushTls {
  try {
    createSecureContext({ cert, key })
  } catch {
    throw new ConfigError(['PUSH_TLS_… are no certificate with its key'])
  }
  // Node passes over what is no certificate there, and would then let nobody in.
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new ConfigError(['PUSH_TLS_CA_FILE holds no certificate'])
  }
  return { cert, key, ca }
}

function tlsOf(variables: PushVariables): PushTls | undefined {
  const { PUSH_TLS_CERT_FILE, PUSH_TLS_KEY_FILE, PUSH_TLS_CA_FILE } = variables
  const files = { PUSH_TLS_CERT_FILE, PUSH_TLS_KEY_FILE, PUSH_TLS_CA_FILE }
  const missing = Object.entries(files).filter(([, file]) => file === undefined)
  if (variables.PUSH_PLAIN === 'loopback') {
    if (missing.length < 3) throw new ConfigError(['PUSH_PLAIN and PUSH_TLS_… exclude each other'])
    if (isLoopback(variables.PUSH_HOST ?? loopback)) return undefined
    throw new ConfigError(['PUSH_HOST must be loopback where PUSH_PLAIN is set'])
  }
  if (missing.length > 0) throw new ConfigError(missing.map(([name]) => `${name} is missing`))
  return check({
    cert: read('PUSH_TLS_CERT_FILE', PUSH_TLS_CERT_FILE ?? ''),
    key: read('PUSH_TLS_KEY_FILE', PUSH_TLS_KEY_FILE ?? ''),
    ca: read('PUSH_TLS_CA_FILE', PUSH_TLS_CA_FILE ?? ''),
  })
}

/**
 * How journals may push; undefined where none may.
 * @throws {ConfigError} where it is not said wholly who may: nothing is taken in unprotected by mistake
 */
export function pushSettingsOf(
  variables: PushVariables,
  journals: readonly JournalSource[],
): PushSettings | undefined {
  const { PUSH_PORT, PUSH_HOST = loopback, PUSH_CALLERS, PUSH_LOGICAL_ADDRESSES } = variables
  if (PUSH_PORT === undefined) return undefined
  const logicalAddresses = (PUSH_LOGICAL_ADDRESSES ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
  if (PUSH_CALLERS === undefined) throw new ConfigError(['PUSH_CALLERS is missing'])
  if (logicalAddresses.length === 0) throw new ConfigError(['PUSH_LOGICAL_ADDRESSES is missing'])
  return {
    host: PUSH_HOST,
    port: PUSH_PORT,
    callers: callersOf(PUSH_CALLERS, journals),
    logicalAddresses,
    grace: variables.PUSH_GRACE ?? day,
    tls: tlsOf(variables),
  }
}
