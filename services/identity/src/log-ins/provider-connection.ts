import { calculateJwkThumbprint, importJWK } from 'jose'
import type { JWK } from 'jose'
import * as oidc from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import type { ProviderKeys } from './provider-keys.ts'

export interface RelyingPartyConfig {
  PROVIDER_ISSUER: string
  PROVIDER_SIGNING_ALG: string
  PROVIDER_DEADLINE: number
  LOG_IN_DEADLINE: number
  RELYING_PARTY_ID: string
  RELYING_PARTY_KEY: string
  CALLBACK_URL: string
  POST_LOGOUT_URL: string
}

export interface PrivateKey {
  key: oidc.CryptoKey
  kid: string
  publicJwk: JWK
}

const algorithm = 'ES256'
/** Milliseconds after which the provider's metadata are read again. */
const metadataLifetime = 60 * 60_000

export async function readPrivateKey(json: string): Promise<PrivateKey> {
  const privateJwk = JSON.parse(json) as JWK
  const { kty, crv, x, y, kid = await calculateJwkThumbprint(privateJwk) } = privateJwk
  const key = (await importJWK(privateJwk, algorithm)) as oidc.CryptoKey
  return { key, kid, publicJwk: { kty, crv, x, y, kid, alg: algorithm, use: 'sig' } as JWK }
}

/** What every configuration is made with: without the checks the library takes ID tokens of the token endpoint unverified. */
function checksFor({
  PROVIDER_ISSUER: issuer,
}: RelyingPartyConfig): ((configuration: oidc.Configuration) => void)[] {
  const checks = [oidc.enableNonRepudiationChecks]
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- a provider on loopback has no TLS
  return issuer.startsWith('http:') ? [...checks, oidc.allowInsecureRequests] : checks
}

function clientOf(config: RelyingPartyConfig, { key, kid }: PrivateKey) {
  const { RELYING_PARTY_ID, PROVIDER_SIGNING_ALG: signingAlgorithm } = config
  const metadata = {
    id_token_signed_response_alg: signingAlgorithm,
    userinfo_signed_response_alg: signingAlgorithm,
  }
  return [RELYING_PARTY_ID, metadata, oidc.PrivateKeyJwt({ key, kid })] as const
}

async function discover(config: RelyingPartyConfig, privateKey: PrivateKey) {
  return oidc.discovery(new URL(config.PROVIDER_ISSUER), ...clientOf(config, privateKey), {
    execute: checksFor(config),
    timeout: config.PROVIDER_DEADLINE,
  })
}

interface Deps {
  config: RelyingPartyConfig
  privateKey: Promise<PrivateKey>
  keys: ProviderKeys
  now: () => Date
}

export type ProviderConnection = ReturnType<typeof createProviderConnection>

/** The provider's metadata, read when first needed, so that this service starts before the provider does. */
export function createProviderConnection({ config, privateKey, keys, now }: Deps) {
  let known: { at: number; configuration: oidc.Configuration } | undefined
  let underWay: Promise<oidc.Configuration> | undefined

  async function read(): Promise<oidc.Configuration> {
    try {
      const configuration = await discover(config, await privateKey)
      known = { at: now().getTime(), configuration }
      return configuration
    } catch (cause) {
      // What is known serves on: if the provider is truly down, its other addresses will tell.
      if (known !== undefined) return known.configuration
      throw new AppError(errors.providerUnavailable, { cause })
    } finally {
      underWay = undefined
    }
  }

  async function current(): Promise<oidc.Configuration> {
    const isFresh = known !== undefined && now().getTime() - known.at < metadataLifetime
    if (known !== undefined && isFresh) return known.configuration
    return (underWay ??= read())
  }

  /** For one answer of the provider, with keys as of that answer: the library keeps the first it has for minutes. */
  async function forOneAnswer(): Promise<oidc.Configuration> {
    const metadata = (await current()).serverMetadata()
    const { issuer, jwks_uri: jwksUri = issuer } = metadata
    const configuration = new oidc.Configuration(metadata, ...clientOf(config, await privateKey))
    for (const check of checksFor(config)) check(configuration)
    configuration.timeout = config.PROVIDER_DEADLINE
    configuration[oidc.customFetch] = async (url, options) => {
      const response = await fetch(url, options as RequestInit)
      if (!response.ok) return response
      const jwks = await keys.forAnswer(jwksUri, await response.clone().text())
      const fetchedAt = Math.floor(Date.now() / 1000)
      oidc.setJwksCache(configuration, { jwks: jwks, uat: fetchedAt })
      return response
    }
    return configuration
  }

  return { current, forOneAnswer }
}
