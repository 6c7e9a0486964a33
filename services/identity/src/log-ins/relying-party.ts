import { setTimeout } from 'node:timers/promises'
import type { JWK } from 'jose'
import * as oidc from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import { areRevealing, previousNumberClaim } from '../persons/person-model.ts'
import type { Claims } from '../persons/person-model.ts'
import type { LogOutHint } from '../sessions/session-repository.ts'
import { checkAuthentication, levelsOfAssurance, maxAuthenticationAge } from './claims-model.ts'
import { createProviderConnection, readPrivateKey } from './provider-connection.ts'
import type { ProviderConnection, RelyingPartyConfig } from './provider-connection.ts'
import { toLogInError } from './provider-faults.ts'
import type { ProviderKeys } from './provider-keys.ts'
import { refusal } from './refusal.ts'
import { scope } from './registration.ts'

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

/** Milliseconds. */
const maxWaitAtLogOut = 1_000
const requestedClaims = JSON.stringify({
  id_token: {
    acr: { essential: true, values: levelsOfAssurance },
    auth_time: { essential: true },
  },
  userinfo: { [previousNumberClaim]: null },
})

const createSecrets = (): LogInSecrets => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  codeVerifier: oidc.randomPKCECodeVerifier(),
})

async function requestParameters(redirectUri: string, secrets: LogInSecrets) {
  return {
    redirect_uri: redirectUri,
    scope,
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(secrets.codeVerifier),
    code_challenge_method: 'S256',
    prompt: 'login',
    claims: requestedClaims,
  }
}

async function redeem(provider: ProviderConnection, callback: URL, secrets: LogInSecrets) {
  const tokens = await oidc.authorizationCodeGrant(await provider.forOneAnswer(), callback, {
    pkceCodeVerifier: secrets.codeVerifier,
    expectedState: secrets.state,
    expectedNonce: secrets.nonce,
    maxAge: maxAuthenticationAge,
    idTokenExpected: true,
  })
  const idToken = tokens.claims()
  if (idToken === undefined) throw refusal('id-token.missing')
  const userinfo = await oidc.fetchUserInfo(
    await provider.forOneAnswer(),
    tokens.access_token,
    idToken.sub,
  )
  return { idToken, userinfo, encodedIdToken: tokens.id_token ?? '' }
}

/** Each answer of the provider has a deadline of its own; this is for all of them together. */
async function withinDeadline<T>(work: Promise<T>, seconds: number): Promise<T> {
  const done = new AbortController()
  const late = setTimeout(seconds * 1000, undefined, { signal: done.signal }).then(() => {
    throw new AppError(errors.providerUnavailable)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
    for (const loser of [work, late]) loser.catch(() => undefined)
  }
}

interface Deps {
  config: RelyingPartyConfig
  keys: ProviderKeys
  now: () => Date
}

export function createRelyingParty({ config, keys, now }: Deps): RelyingParty {
  const privateKey = readPrivateKey(config.RELYING_PARTY_KEY)
  privateKey.catch(() => undefined)
  const provider = createProviderConnection({ config, privateKey, keys, now })

  return {
    async begin() {
      const [configuration, { key, kid }] = await Promise.all([provider.current(), privateKey])
      const secrets = createSecrets()
      const parameters = await requestParameters(config.CALLBACK_URL, secrets)
      const url = await oidc.buildAuthorizationUrlWithJAR(configuration, parameters, { key, kid })
      return { authorizationUrl: url.href, secrets }
    },

    async complete(parameters, secrets, begunAt) {
      const callback = new URL(config.CALLBACK_URL)
      callback.search = parameters
      try {
        const { idToken, userinfo, encodedIdToken } = await withinDeadline(
          redeem(provider, callback, secrets),
          config.LOG_IN_DEADLINE,
        )
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
      // The session here has ended already: nobody waits for a provider that is down or slow.
      const giveUp = setTimeout(maxWaitAtLogOut, undefined, { ref: false })
      const configuration = await Promise.race([provider.current().catch(() => undefined), giveUp])
      if (configuration?.serverMetadata().end_session_endpoint === undefined) return null
      return oidc.buildEndSessionUrl(configuration, {
        post_logout_redirect_uri: config.POST_LOGOUT_URL,
        ...(idToken === undefined ? {} : { id_token_hint: idToken }),
        ...(providerSession === undefined ? {} : { logout_hint: providerSession }),
      }).href
    },

    providerMetadata: async () => (await provider.current()).serverMetadata(),
    jwks: async () => ({ keys: [(await privateKey).publicJwk] }),
  }
}

/** Both are signed and of one subject; what they both say, they must say alike. */
function mergeClaims(idToken: Claims, userinfo: Claims): Claims {
  for (const [name, value] of Object.entries(userinfo)) {
    const isPersonal = name.startsWith('https://') || name === 'birthdate'
    if (isPersonal && idToken[name] !== undefined && idToken[name] !== value) {
      throw refusal('claims.contradict')
    }
  }
  return { ...idToken, ...userinfo }
}
