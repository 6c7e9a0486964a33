import Type from 'typebox'
import type { Static } from 'typebox'
import { levelsOfAssurance } from './claims-model.ts'
import type { RelyingPartyConfig } from './provider-connection.ts'

/** What the log-in asks for. */
export const scope =
  'openid https://id.oidc.se/scope/naturalPersonNumber https://id.oidc.se/scope/naturalPersonInfo'
/** What this relying party signs with. */
export const algorithm = 'ES256'

const Uri = Type.String({ format: 'uri' })

/** OpenID Connect client metadata (Dynamic Client Registration 1.0, section 2), by which a provider registers us. */
export const ClientMetadata = Type.Object({
  client_id: Type.String(),
  client_name: Type.String(),
  application_type: Type.String(),
  redirect_uris: Type.Array(Uri),
  post_logout_redirect_uris: Type.Array(Uri),
  grant_types: Type.Array(Type.String()),
  response_types: Type.Array(Type.String()),
  scope: Type.String(),
  jwks_uri: Uri,
  token_endpoint_auth_method: Type.String(),
  token_endpoint_auth_signing_alg: Type.String(),
  request_object_signing_alg: Type.String(),
  require_signed_request_object: Type.Boolean(),
  id_token_signed_response_alg: Type.String(),
  userinfo_signed_response_alg: Type.String(),
  default_acr_values: Type.Array(Type.String()),
  require_auth_time: Type.Boolean(),
  backchannel_logout_uri: Uri,
  backchannel_logout_session_required: Type.Boolean(),
})
export type ClientMetadata = Static<typeof ClientMetadata>

export function clientMetadata(config: RelyingPartyConfig): ClientMetadata {
  const { CALLBACK_URL: callback, PROVIDER_SIGNING_ALG: providersAlgorithm } = config
  // The other addresses of the public API stand beside the callback's.
  const at = (path: string) => new URL(path, callback).href
  return {
    client_id: config.RELYING_PARTY_ID,
    client_name: 'Mina intyg',
    application_type: 'web',
    redirect_uris: [callback],
    post_logout_redirect_uris: [config.POST_LOGOUT_URL],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope,
    jwks_uri: at('../.well-known/rp-jwks.json'),
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: algorithm,
    request_object_signing_alg: algorithm,
    require_signed_request_object: true,
    id_token_signed_response_alg: providersAlgorithm,
    userinfo_signed_response_alg: providersAlgorithm,
    default_acr_values: [...levelsOfAssurance],
    require_auth_time: true,
    backchannel_logout_uri: at('backchannel-logout'),
    backchannel_logout_session_required: true,
  }
}
