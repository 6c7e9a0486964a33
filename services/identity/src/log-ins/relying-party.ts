import { calculateJwkThumbprint, importJWK } from 'jose'
import type { JWK } from 'jose'
import * as oidc from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import { areRevealing } from '../persons/person-model.ts'
import type { Claims } from '../persons/person-model.ts'
import type { LogOutHint } from '../sessions/session-repository.ts'
import { checkAuthentication, levelsOfAssurance, maxAuthenticationAge } from './claims-model.ts'
import { isUnavailable, toLogInError } from './provider-faults.ts'

export interface RelyingPartyConfig {
  PROVIDER_ISSUER: string
  PROVIDER_SIGNING_ALG: string
  PROVIDER_DEADLINE: number
  RELYING_PARTY_ID: string
  RELYING_PARTY_KEY: string
  CALLBACK_URL: string
  POST_LOGOUT_URL: string
}

/** What must be known again when the person comes back; stored sealed. */
export interface LogInSecrets {
  state: string
  nonce: string
  codeVerifier: string
}

export interface Authenticated {
  /** Of the ID token and of userinfo, both signed by the provider. */
  claims: Claims
  subject: string
  acr: string
  authenticatedAt: Date
  hint: LogOutHint
}

export interface RelyingParty {
  begin(): Promise<{ authorizationUrl: string; secrets: LogInSecrets }>
  /** @throws {AppError} login.… */
  complete(parameters: string, secrets: LogInSecrets, begunAt: Date): Promise<Authenticated>
  /** null where the provider has no such address, or cannot be asked. */
  endSessionUrl(hint: LogOutHint): Promise<string | null>
  /** Issuer, key address and such. @throws {AppError} login.provider-unavailable */
  providerMetadata(): Promise<oidc.ServerMetadata>
  jwks(): Promise<{ keys: JWK[] }>
}

const algorithm = 'ES256'
const scope =
  'openid https://id.oidc.se/scope/naturalPersonNumber https://id.oidc.se/scope/naturalPersonInfo'
const requestedClaims = JSON.stringify({
  id_token: {
    acr: { essential: true, values: levelsOfAssurance },
    auth_time: { essential: true },
  },
})

interface PrivateKey {
  key: oidc.CryptoKey
  kid: string
  publicJwk: JWK
}

async function readKey(json: string): Promise<PrivateKey> {
  const { d: _private, ...jwk } = JSON.parse(json) as JWK
  const kid = jwk.kid ?? (await calculateJwkThumbprint(jwk))
  const key = (await importJWK({ ...jwk, d: _private } as JWK, algorithm)) as oidc.CryptoKey
  return { key, kid, publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' } }
}

async function discover(config: RelyingPartyConfig, { key, kid }: PrivateKey) {
  const { PROVIDER_ISSUER: issuer, PROVIDER_SIGNING_ALG: signingAlgorithm } = config
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

/** Milliseconds after which the provider's metadata are read again. */
const metadataLifetime = 60 * 60_000

export function createRelyingParty(config: RelyingPartyConfig, now: () => Date): RelyingParty {
  const privateKey = readKey(config.RELYING_PARTY_KEY)
  privateKey.catch(() => undefined)
  let discovered: { at: number; configuration: Promise<oidc.Configuration> } | undefined

  /** Read when first needed, so that this service starts before the provider does. */
  async function provider(): Promise<oidc.Configuration> {
    if (discovered === undefined || now().getTime() - discovered.at > metadataLifetime) {
      const configuration = privateKey.then((key) => discover(config, key))
      discovered = { at: now().getTime(), configuration }
    }
    try {
      return await discovered.configuration
    } catch (cause) {
      discovered = undefined
      throw new AppError(errors.providerUnavailable, { cause })
    }
  }

  async function redeem(callback: URL, secrets: LogInSecrets) {
    const configuration = await provider()
    const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: secrets.codeVerifier,
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      maxAge: maxAuthenticationAge,
      idTokenExpected: true,
    })
    const idToken = tokens.claims()
    if (idToken === undefined) throw new AppError(errors.logInFailed)
    const userinfo = await oidc.fetchUserInfo(configuration, tokens.access_token, idToken.sub)
    return { idToken, userinfo, encodedIdToken: tokens.id_token ?? '' }
  }

  return {
    async begin() {
      const [configuration, { key, kid }] = await Promise.all([provider(), privateKey])
      const secrets = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      }
      const parameters = {
        redirect_uri: config.CALLBACK_URL,
        scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: 'S256',
        prompt: 'login',
        claims: requestedClaims,
      }
      const url = await oidc.buildAuthorizationUrlWithJAR(configuration, parameters, { key, kid })
      return { authorizationUrl: url.href, secrets }
    },

    async complete(parameters, secrets, begunAt) {
      const callback = new URL(config.CALLBACK_URL)
      callback.search = parameters
      try {
        const { idToken, userinfo, encodedIdToken } = await redeem(callback, secrets)
        const { acr, authenticatedAt } = checkAuthentication(idToken, { begunAt, now: now() })
        const { sub: subject, sid } = idToken
        return {
          claims: mergeClaims(idToken, userinfo),
          subject,
          acr,
          authenticatedAt,
          hint: {
            ...(areRevealing(idToken) ? {} : { idToken: encodedIdToken }),
            ...(typeof sid === 'string' ? { providerSession: sid } : {}),
          },
        }
      } catch (error) {
        throw toLogInError(error)
      }
    },

    async endSessionUrl({ idToken, providerSession }) {
      try {
        const configuration = await provider()
        if (configuration.serverMetadata().end_session_endpoint === undefined) return null
        return oidc.buildEndSessionUrl(configuration, {
          post_logout_redirect_uri: config.POST_LOGOUT_URL,
          ...(idToken === undefined ? {} : { id_token_hint: idToken }),
          ...(providerSession === undefined ? {} : { logout_hint: providerSession }),
        }).href
      } catch (error) {
        // The session here has ended already, whatever the provider does.
        if (isUnavailable(error)) return null
        throw error
      }
    },

    providerMetadata: async () => (await provider()).serverMetadata(),
    jwks: async () => ({ keys: [(await privateKey).publicJwk] }),
  }
}

/** Both are signed and of one subject; what they both say, they must say alike. */
function mergeClaims(idToken: Claims, userinfo: Claims): Claims {
  for (const [name, value] of Object.entries(userinfo)) {
    const isPersonal = name.startsWith('https://') || name === 'birthdate'
    if (isPersonal && idToken[name] !== undefined && idToken[name] !== value) {
      throw new AppError(errors.logInFailed)
    }
  }
  return { ...idToken, ...userinfo }
}
