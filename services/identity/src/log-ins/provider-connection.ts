import { calculateJwkThumbprint, importJWK } from 'jose'
import type { JWK } from 'jose'
import * as oidc from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

export interface RelyingPartyConfig {
  PROVIDER_ISSUER: string
  PROVIDER_SIGNING_ALG: string
  PROVIDER_DEADLINE: number
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
  let discovered: { at: number; configuration: Promise<oidc.Configuration> } | undefined

  return async () => {
    if (discovered === undefined || now().getTime() - discovered.at > metadataLifetime) {
      const configuration = privateKey.then((key) => discover(config, key))
      discovered = { at: now().getTime(), configuration }
    }
    const mine = discovered
    try {
      return await mine.configuration
    } catch (cause) {
      if (discovered === mine) discovered = undefined
      throw new AppError(errors.providerUnavailable, { cause })
    }
  }
}
