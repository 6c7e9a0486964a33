import { calculateJwkThumbprint, importJWK } from 'jose'
import type { JWK } from 'jose'
import * as oidc from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

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

async function discover(config: RelyingPartyConfig, { key, kid }: PrivateKey) {
  const { PROVIDER_ISSUER: issuer, PROVIDER_SIGNING_ALG: signingAlgorithm } = config
  // Without it the library takes ID tokens from the token endpoint unverified.
  const execute = [oidc.enableNonRepudiationChecks]
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- a provider on loopback has no TLS
  if (issuer.startsWith('http:')) execute.push(oidc.allowInsecureRequests)
  return oidc.discovery(
    new URL(issuer),
    config.RELYING_PARTY_ID,
    {
      id_token_signed_response_alg: signingAlgorithm,
      userinfo_signed_response_alg: signingAlgorithm,
    },
    oidc.PrivateKeyJwt({ key, kid }),
    { execute, timeout: config.PROVIDER_DEADLINE },
  )
}

/** The provider's metadata, read when first needed, so that this service starts before the provider does. */
export function createProviderConnection(
  config: RelyingPartyConfig,
  privateKey: Promise<PrivateKey>,
  now: () => Date,
): () => Promise<oidc.Configuration> {
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

  return async () => {
    const isFresh = known !== undefined && now().getTime() - known.at < metadataLifetime
    if (known !== undefined && isFresh) return known.configuration
    return (underWay ??= read())
  }
}
