import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JWK } from 'jose'
import type {
  Adapter,
  AdapterPayload,
  ClientMetadata,
  Configuration,
  errors as OAuthErrors,
} from 'oidc-provider'
import { tokenLifetime } from '../tokens/signing-key-model.ts'
import type { UsedTokens } from '../used-tokens.ts'
import type { RegisteredClient } from './clients.ts'
import { createRequireCurrentKey } from './published-keys.ts'

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

interface Options {
  issuer: string
  clients: readonly RegisteredClient[]
  /** Signs access tokens: a private JWK with kid. */
  signingKey: JWK
  usedTokens: UsedTokens
  onError: (error: Error) => void
  /** The client is told only where it is one that is registered. */
  onRefusal: (refusal: { error: string; clientId?: string }) => void
}

const algorithm = 'ES256'
const lifetime = tokenLifetime / 1000
const resourcePrefix = 'urn:minaintyg:'

const toMetadata = (client: RegisteredClient): ClientMetadata => ({
  client_id: client.clientId,
  scope: [...new Set(Object.values(client.scopes).flat())].join(' '),
  ...('jwks' in client ? { jwks: client.jwks } : { jwks_uri: client.jwksUri }),
})

function createReplayAdapter(usedTokens: UsedTokens, replayed: () => Error): Adapter {
  const unused = async (): Promise<never> => {
    throw new Error('Nothing but used assertions is stored')
  }
  return {
    // Inserting decides, not the look-up before it: two uses at once must not both succeed.
    async upsert(id: string, _payload: AdapterPayload, expiresIn: number) {
      const expiresAt = new Date(Date.now() + expiresIn * 1000)
      if (!(await usedTokens.use(`assertion ${id}`, expiresAt))) throw replayed()
    },
    async find(id: string) {
      return (await usedTokens.isUsed(`assertion ${id}`)) ? { jti: id } : undefined
    },
    findByUserCode: unused,
    findByUid: unused,
    destroy: unused,
    consume: unused,
    revokeByGrantId: unused,
  }
}

/**
 * Clients come from configuration, so their key addresses may be inside the network.
 * How long their keys are good is not theirs to say: oidc-provider would keep them for as long as a header asks.
 */
const fetchKeys: NonNullable<Configuration['fetch']> = async (url, init) => {
  const request = { ...init, dispatcher: undefined, redirect: 'manual' }
  const response = await fetch(url, request as unknown as RequestInit)
  return new Response(response.body, { status: response.status })
}

const noClients: Adapter['find'] = async () => undefined

function createResourceIndicators(
  clients: readonly RegisteredClient[],
  invalidTarget: (description: string) => Error,
): NonNullable<NonNullable<Configuration['features']>['resourceIndicators']> {
  const grantsOf = new Map(clients.map(({ clientId, scopes }) => [clientId, scopes]))
  return {
    enabled: true,
    defaultResource: () => {
      throw invalidTarget('resource is required')
    },
    getResourceServerInfo: (_ctx, resource, { clientId }) => {
      const audience = resource.slice(resourcePrefix.length)
      const scopes = Object.entries(grantsOf.get(clientId) ?? {}).find(
        ([name]) => resource.startsWith(resourcePrefix) && name === audience,
      )?.[1]
      if (scopes === undefined) throw invalidTarget('resource is not open to this client')
      return {
        scope: scopes.join(' '),
        audience,
        accessTokenTTL: lifetime,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: algorithm } },
      }
    },
  }
}

/** What holds besides signature and lifetime. */
function createAssertionCheck({ issuer, clients }: Options, errors: typeof OAuthErrors) {
  const requireCurrentKey = createRequireCurrentKey(clients)
  const check: Configuration['assertJwtClientAuthClaimsAndHeader'] = async (
    ctx,
    { aud },
    _header,
    { clientId },
  ) => {
    // The provider also takes its own URL, which it makes of the Host header: whoever sends one could choose it.
    if (aud !== issuer) throw new errors.InvalidClient('aud must be the issuer')
    await requireCurrentKey(clientId, String(ctx.oidc.params?.['client_assertion'])).catch(() => {
      throw new errors.InvalidClientAuth('no key of the client')
    })
  }
  return check
}

/** The authorization server, made for one signing key. It knows client credentials with private_key_jwt, and nothing else. */
export async function createAuthorizationServer(options: Options): Promise<RequestListener> {
  const { issuer, clients, signingKey, usedTokens, onError, onRefusal } = options
  // Loaded late: it needs the real realm's types, and costs a start nothing that never issues a token.
  const { Provider, errors } = await import('oidc-provider')
  const replay = createReplayAdapter(
    usedTokens,
    // Like every other assertion that does not hold: 401.
    () => new errors.InvalidClientAuth('assertion was used before'),
  )
  const provider = new Provider(issuer, {
    adapter: (model) => (model === 'Client' ? { ...replay, find: noClients } : replay),
    clients: clients.map(toMetadata),
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: algorithm,
      token_endpoint_auth_method: 'private_key_jwt',
    },
    clientAuthMethods: ['private_key_jwt'],
    assertJwtClientAuthClaimsAndHeader: createAssertionCheck(options, errors),
    enabledJWA: { clientAuthSigningAlgValues: ['ES256', 'PS256', 'EdDSA'] },
    responseTypes: [],
    scopes: [...new Set(clients.flatMap(({ scopes }) => Object.values(scopes).flat()))],
    jwks: { keys: [signingKey] },
    routes: { token: '/oauth/token' },
    ttl: { ClientCredentials: lifetime },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: createResourceIndicators(
        clients,
        (description) => new errors.InvalidTarget(description),
      ),
    },
    extraTokenClaims: (ctx, token) => {
      const requested = [...ctx.oidc.requestParamScopes]
      const granted = new Set(token.scope?.split(' ') ?? [])
      if (requested.length === 0 || requested.some((scope) => !granted.has(scope))) {
        throw new errors.InvalidScope('scope is not open to this client', requested.join(' '))
      }
      return undefined
    },
    fetch: fetchKeys,
  })
  provider.silent = true
  provider.on('server_error', (_ctx, error) => {
    onError(error)
  })
  provider.on('grant.error', (ctx, { error }) => {
    const { client } = ctx.oidc
    onRefusal(client === undefined ? { error } : { error, clientId: client.clientId })
  })
  return provider.callback()
}
