import Type from 'typebox'
import type { Static } from 'typebox'
import { Required, ServiceVariables } from '@minaintyg/config'

export const IdentityConfig = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Postgres database of this service'),
  ISSUER_URL: Required('`iss` of access tokens, and issuer of the authorization server'),
  CLIENTS: Type.String({
    default: '[]',
    description:
      'JSON array of service and recipient clients: {clientId, scopes: {audience: [scope]}, jwks or jwksUri}',
  }),
  PERSON_NUMBER_KEYS: Required(
    'Keys that seal personal numbers and names, id:base64 with commas between; the first seals',
  ),
  PERSON_LOOKUP_KEY: Type.String({
    pattern: '^[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*$',
    description:
      'Keys of 32 bytes in base64 that find people by number, with commas between; the first is written',
  }),
  SECRET_KEYS: Required(
    'Keys that seal signing keys and log-ins under way, id:base64 with commas between; the first seals',
  ),
  SIGNING_KEY_DAYS: Type.Integer({
    default: 30,
    minimum: 2,
    description: 'Days that a key signs access tokens before the next one does',
  }),
  PROVIDER_ISSUER: Required('Issuer of the e-legitimation’s OpenID provider'),
  PROVIDER_SIGNING_ALG: Type.String({
    default: 'ES256',
    pattern: '^(ES|PS|RS)(256|384|512)$',
    description: 'Algorithm that the provider signs ID tokens, userinfo and log-out tokens with',
  }),
  PROVIDER_DEADLINE: Type.Integer({
    default: 5,
    minimum: 1,
    description: 'Seconds that the provider has for each answer',
  }),
  LOG_IN_DEADLINE: Type.Integer({
    default: 8,
    minimum: 1,
    description:
      'Seconds that all of the provider’s answers at the end of a log-in may take together',
  }),
  RELYING_PARTY_ID: Required('client_id at the provider'),
  RELYING_PARTY_KEY: Required('Private JWK (ES256, with kid) of the relying party'),
  CALLBACK_URL: Required('redirect_uri that is registered at the provider'),
  POST_LOGOUT_URL: Required('post_logout_redirect_uri that is registered at the provider'),
  PROTECTED_IDENTITY_CLAIM: Type.String({
    default: 'https://minaintyg.se/claim/protectedIdentity',
    description: 'Claim that is true for people with protected identity',
  }),
})
export type IdentityConfig = Static<typeof IdentityConfig>
