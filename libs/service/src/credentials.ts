import { importJWK } from 'jose'
import type { JWK } from 'jose'
import * as oauth from 'openid-client'
import { AppError } from '@minaintyg/errors'
import { serviceErrors } from './problem.ts'
import { createServiceClient } from './service-client.ts'
import type { Trace } from './trace.ts'

/** What a service proves itself with to its neighbours. */
export interface Credentials {
  /** An access token of the service's own for one audience; kept until shortly before it expires. */
  serviceToken(audience: string, scope: string): Promise<string>
  /** A patient's token exchanged for one with another audience (RFC 8693). */
  exchange(subjectToken: string, audience: string, trace?: Trace): Promise<string>
  close(): Promise<void>
}

export interface CredentialsOptions {
  /** Base URL of identity, as reached from here. */
  identityUrl: string
  /** `iss` of the authorization server, as its metadata and tokens say. */
  issuer: string
  clientId: string
  /** Private key of the client, a JWK with `kid` and `alg`. */
  clientKey: JWK
}

/** Audience as a resource indicator (RFC 8707), which must be an absolute URI. */
export const resourceOf = (audience: string): string => `urn:minaintyg:${audience}`

const secondsOfMargin = 30

async function createConfiguration(options: CredentialsOptions): Promise<oauth.Configuration> {
  const { identityUrl, issuer, clientId, clientKey } = options
  const key = (await importJWK(clientKey, clientKey.alg ?? 'ES256')) as oauth.CryptoKey
  const configuration = new oauth.Configuration(
    { issuer, token_endpoint: `${identityUrl}/oauth/token` },
    clientId,
    {},
    oauth.PrivateKeyJwt(clientKey.kid === undefined ? key : { key, kid: clientKey.kid }),
  )
  // Inside the cluster services meet over http behind mutual TLS of the mesh, or on loopback.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out
  if (identityUrl.startsWith('http:')) oauth.allowInsecureRequests(configuration)
  configuration.timeout = 5
  return configuration
}

/** Client credentials with private_key_jwt (RFC 7523), one request under way for each token at most. */
export function createCredentials(options: CredentialsOptions): Credentials {
  const configuration = createConfiguration(options)
  const identity = createServiceClient({ name: 'identity', baseUrl: options.identityUrl })
  const tokens = new Map<string, Promise<{ value: string; expiresAt: number }>>()

  async function fetchToken(audience: string, scope: string) {
    try {
      const parameters = { scope, resource: resourceOf(audience) }
      const answer = await oauth.clientCredentialsGrant(await configuration, parameters)
      const seconds = (answer.expires_in ?? 60) - secondsOfMargin
      return { value: answer.access_token, expiresAt: Date.now() + seconds * 1000 }
    } catch (cause) {
      throw new AppError({ ...serviceErrors.unavailable, code: 'identity.unavailable' }, { cause })
    }
  }

  async function serviceToken(audience: string, scope: string): Promise<string> {
    const name = `${audience} ${scope}`
    const known = await tokens.get(name)?.catch(() => undefined)
    if (known !== undefined && known.expiresAt > Date.now()) return known.value
    const pending = fetchToken(audience, scope)
    tokens.set(name, pending)
    return (await pending).value
  }

  return {
    serviceToken,
    async exchange(subjectToken, audience, trace) {
      const { accessToken } = await identity.json<{ accessToken: string }>({
        method: 'POST',
        path: '/token-exchanges',
        token: await serviceToken('identity', 'token-exchange'),
        body: { subjectToken, audience },
        ...(trace === undefined ? {} : { trace }),
      })
      return accessToken
    },
    close: () => identity.close(),
  }
}
