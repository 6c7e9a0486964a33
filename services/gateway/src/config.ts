import Type from 'typebox'
import type { Static } from 'typebox'
import { ConfigError, Required, ServiceVariables } from '@minaintyg/config'

const PerMinute = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, default: fallback, description })

export const GatewayConfig = Type.Object({
  ...ServiceVariables,
  PUBLIC_URL: Required('Base URL of this API as clients reach it, with its base path'),
  FRONTEND_ORIGIN: Required('Origin of the front end, to which log-ins return'),
  ALLOWED_ORIGINS: Type.String({
    default: '',
    description:
      'More origins that may call with the session cookie, with commas between; the front end’s and this API’s own may',
  }),
  ISSUER_URL: Required('`iss` of the authorization server'),
  IDENTITY_URL: Required('Base URL of identity'),
  CONSENT_URL: Required('Base URL of consent'),
  CERTIFICATE_STORE_URL: Required('Base URL of certificate-store'),
  RENDERING_URL: Required('Base URL of rendering'),
  DISPATCH_URL: Required('Base URL of dispatch'),
  CLIENT_KEY: Required(
    'Private key of the OAuth client «gateway»: a JWK with kid and alg, as JSON',
  ),
  NEIGHBOUR_DEADLINE: Type.Integer({
    default: 10_000,
    minimum: 100,
    description: 'Milliseconds that a service behind this one has for an answer',
  }),
  AFTERMATH_DEADLINE: Type.Integer({
    default: 3_000,
    minimum: 100,
    description: 'Milliseconds that a withdrawal waits to hear what was erased and cancelled',
  }),
  RATE_LIMIT_ADDRESS: PerMinute(1_200, 'Calls a minute from one address'),
  RATE_LIMIT_SESSION: PerMinute(300, 'Calls a minute in one session'),
  RATE_LIMIT_MACHINES: PerMinute(
    12_000,
    'Calls a minute from one address to /oauth and /recipient, which present a token or a key',
  ),
  RATE_LIMIT_VERIFICATION: PerMinute(30, 'Copies on paper that one address may verify a minute'),
  RATE_LIMIT_REPLICAS: Type.Integer({
    minimum: 1,
    default: 1,
    description:
      'Replicas of the gateway that calls are spread over: each allows its part of the limits',
  }),
  TRUSTED_PROXIES: Type.String({
    default: '',
    description: 'Addresses or networks whose X-Forwarded-For is believed, with commas between',
  }),
})
export type GatewayConfig = Static<typeof GatewayConfig>

export const basePath = '/minaintyg/v1'

const listOf = (value: string) =>
  value
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

function originOf(name: string, value: string): string {
  const origin = URL.canParse(value) ? new URL(value).origin : 'null'
  if (origin === 'null' || origin.includes('*'))
    throw new ConfigError([`${name} must hold an origin such as https://x.se`])
  return origin
}

export interface Edge {
  /** Of this API, with the base path and no slash at its end. */
  publicUrl: string
  isHttps: boolean
  frontendOrigin: string
  allowedOrigins: ReadonlySet<string>
  trustedProxies: string[]
}

export function edgeOf(config: GatewayConfig): Edge {
  const origin = originOf('PUBLIC_URL', config.PUBLIC_URL)
  const frontendOrigin = originOf('FRONTEND_ORIGIN', config.FRONTEND_ORIGIN)
  const more = listOf(config.ALLOWED_ORIGINS).map((each) => originOf('ALLOWED_ORIGINS', each))
  return {
    publicUrl: `${origin}${basePath}`,
    isHttps: origin.startsWith('https:'),
    frontendOrigin,
    allowedOrigins: new Set([frontendOrigin, origin, ...more]),
    trustedProxies: listOf(config.TRUSTED_PROXIES),
  }
}
