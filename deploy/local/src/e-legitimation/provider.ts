import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { loa } from '../test-persons.ts'
import { swedish, toClaims } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import { createMemoryAdapters } from './memory-adapter.ts'
import { errorPage, goOnPage, logOutPage, loggedOutPage } from './pages.ts'

/** What a relying party registers; the rest of its metadata is the profile's and the same for all. */
export type RelyingParty = Pick<
  ClientMetadata,
  | 'client_id'
  | 'redirect_uris'
  | 'jwks'
  | 'jwks_uri'
  | 'backchannel_logout_uri'
  | 'post_logout_redirect_uris'
>

const algorithm = 'ES256'

const toClient = (relyingParty: RelyingParty): ClientMetadata => ({
  ...relyingParty,
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: algorithm,
  request_object_signing_alg: algorithm,
  require_signed_request_object: true,
  id_token_signed_response_alg: algorithm,
  userinfo_signed_response_alg: algorithm,
  backchannel_logout_session_required: true,
  require_auth_time: true,
})

async function createSigningKey() {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: algorithm }
}

/** What is asked for is granted: choosing a person on the page is all the consent there is. */
async function grantAll(ctx: KoaContextWithOIDC) {
  const { provider, client, session, requestParamOIDCScopes, requestParamClaims } = ctx.oidc
  const accountId = session?.accountId
  if (client === undefined || accountId === undefined) return undefined
  const grant = new provider.Grant({ clientId: client.clientId, accountId })
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '))
  grant.addOIDCClaims([...requestParamClaims])
  await grant.save()
  return grant
}

const claims: Configuration['claims'] = {
  acr: null,
  auth_time: null,
  iss: null,
  sid: null,
  [swedish.claims.previousCoordinationNumber]: null,
  openid: ['sub'],
  [swedish.scopes.number]: [
    swedish.claims.personalIdentityNumber,
    swedish.claims.coordinationNumber,
  ],
  [swedish.scopes.info]: [
    'name',
    'given_name',
    'family_name',
    'birthdate',
    swedish.claims.protectedIdentity,
  ],
}

const features: Configuration['features'] = {
  devInteractions: { enabled: false },
  claimsParameter: { enabled: true },
  requestObjects: { enabled: true, requireSignedRequestObject: true },
  userinfo: { enabled: true },
  jwtUserinfo: { enabled: true },
  backchannelLogout: { enabled: true },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (ctx, form) => {
      ctx.body = logOutPage(form)
    },
    postLogoutSuccessSource: (ctx) => {
      ctx.body = loggedOutPage()
    },
  },
}

export interface ProviderOptions {
  issuer: string
  relyingParties: readonly RelyingParty[]
  accounts: Accounts
}

/** An OpenID provider that keeps to the Swedish profile, on loopback and without TLS. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { issuer, relyingParties, accounts } = options
  const provider = new Provider(issuer, {
    adapter: createMemoryAdapters(),
    clients: relyingParties.map(toClient),
    clientDefaults: { id_token_signed_response_alg: algorithm },
    jwks: { keys: [await createSigningKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features,
    enabledJWA: {
      clientAuthSigningAlgValues: [algorithm],
      requestObjectSigningAlgValues: [algorithm],
      idTokenSigningAlgValues: [algorithm],
      userinfoSigningAlgValues: [algorithm],
    },
    acrValues: Object.values(loa),
    claims,
    scopes: ['openid'],
    // As Swedish providers do: the claims of a scope stand in the ID token too.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 300,
      Interaction: 600,
      Session: 3600,
    },
    // The provider's own would refuse loopback addresses, which is where relying parties are here.
    fetch: (url, init) => fetch(url, { ...init, dispatcher: undefined } as unknown as RequestInit),
    findAccount: (_ctx, id) => {
      const account = accounts.find(id)
      return account && { accountId: id, claims: () => toClaims(account) }
    },
    loadExistingGrant: grantAll,
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: (ctx, out) => {
      ctx.type = 'html'
      ctx.body = errorPage(out.error)
    },
  })
  provider.use(async (ctx, next) => {
    await next()
    const form = typeof ctx.body === 'string' ? /<form[^]*<\/form>/.exec(ctx.body)?.[0] : undefined
    if (form !== undefined && String(ctx.body).includes('<script>')) ctx.body = goOnPage(form)
  })
  return provider
}
