import { loopback } from './addresses.ts'
import type { Addresses, Party } from './addresses.ts'
import { clientKey, registerClients } from './clients.ts'
import type { ClientId } from './clients.ts'
import type { Databases } from './databases.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

export type Environment = Record<string, string>

export interface EnvironmentOptions {
  settings: Settings
  addresses: Addresses
  databases: Databases
  secrets: Secrets
  /** Sources as certificate-store has them. */
  journals: readonly object[]
  /** Who may push to it. */
  pushCallers: readonly object[]
}

/** Where the public API begins. */
export const publicApi = (addresses: Addresses) => `${addresses.gateway.url}/minaintyg/v1`

/** Ours, for those who push. */
export const logicalAddress = 'SE5565594230-MINAINTYG'

export const relyingPartyId = 'mina-intyg'
export const relyingPartyKey = (secrets: Secrets) => secrets.signingKey('relying party')

export const sealingKeys = async (secrets: Secrets, name: string) =>
  `local:${await secrets.key(name)}`

/** Also for those who verify the access log. */
export const accessLogKeys = (secrets: Secrets) => sealingKeys(secrets, 'seals of the access log')

/** What more than one service needs to know. */
function commonVariables({ settings, addresses, databases }: EnvironmentOptions) {
  return {
    LOG_LEVEL: settings.logLevel,
    ISSUER_URL: publicApi(addresses),
    JWKS_URL: `${addresses.identity.url}/.well-known/jwks.json`,
    IDENTITY_URL: addresses.identity.url,
    CONSENT_URL: addresses.consent.url,
    CERTIFICATE_STORE_URL: addresses.certificateStore.url,
    RENDERING_URL: addresses.rendering.url,
    DISPATCH_URL: addresses.dispatch.url,
    ...(settings.amqpUrl === undefined
      ? { EVENT_BUS_DATABASE_URL: databases.url('eventBus') }
      : { AMQP_URL: settings.amqpUrl }),
  }
}

/** For those who must agree about them. */
const recipientVariables = ({ recipients }: Settings): Environment =>
  recipients === undefined ? {} : { RECIPIENTS: recipients }

function rateLimits({ rateLimit }: Settings): Environment {
  if (rateLimit === undefined) return {}
  const names = ['RATE_LIMIT_ADDRESS', 'RATE_LIMIT_SESSION', 'RATE_LIMIT_MACHINES']
  return Object.fromEntries(names.map((name) => [name, String(rateLimit)]))
}

const pushVariables = ({ addresses, pushCallers }: EnvironmentOptions) => ({
  PUSH_PORT: String(addresses.push.port),
  PUSH_PLAIN: 'loopback',
  PUSH_CALLERS: JSON.stringify(pushCallers),
  PUSH_LOGICAL_ADDRESSES: logicalAddress,
})

/** Variables of each service, as an operator would set them: the services know no other way to be told. */
export async function createEnvironments(options: EnvironmentOptions) {
  const { addresses, databases, secrets, journals } = options
  const common = commonVariables(options)
  const at = (party: Party) => ({
    ...common,
    HOST: loopback,
    PORT: String(addresses[party].port),
  })
  const client = async (party: Party, clientId: ClientId) => ({
    ...at(party),
    CLIENT_ID: clientId,
    CLIENT_KEY: JSON.stringify(await clientKey(secrets, clientId)),
  })
  return {
    identity: {
      ...at('identity'),
      DATABASE_URL: databases.url('identity'),
      CLIENTS: JSON.stringify(await registerClients(secrets, options.settings.recipients)),
      PERSON_NUMBER_KEYS: await sealingKeys(secrets, 'personal numbers'),
      PERSON_LOOKUP_KEY: await secrets.key('look-up of personal numbers'),
      SECRET_KEYS: await sealingKeys(secrets, 'secrets of identity'),
      PROVIDER_ISSUER: addresses.eLegitimation.url,
      RELYING_PARTY_ID: relyingPartyId,
      RELYING_PARTY_KEY: JSON.stringify(await relyingPartyKey(secrets)),
      CALLBACK_URL: `${publicApi(addresses)}/auth/callback`,
      POST_LOGOUT_URL: `${options.settings.frontendOrigin ?? addresses.web.url}/`,
    },
    consent: {
      ...at('consent'),
      DATABASE_URL: databases.url('consent'),
      PROOF_SIGNING_KEYS: JSON.stringify({
        keys: [await secrets.signingKey('proofs of consent', 'EdDSA')],
      }),
    },
    certificateStore: {
      ...(await client('certificateStore', 'certificate-store')),
      DATABASE_URL: databases.url('certificateStore'),
      MASTER_KEYS: await sealingKeys(secrets, 'patients’ keys'),
      ACCESS_LOG_KEYS: await accessLogKeys(secrets),
      IDENTIFIER_KEY: await secrets.key('identifiers of certificates'),
      JOURNALS: JSON.stringify(journals),
      VERIFICATION_URL: `${publicApi(addresses)}/verify`,
      ...pushVariables(options),
      ...recipientVariables(options.settings),
    },
    rendering: await client('rendering', 'rendering'),
    dispatch: {
      ...(await client('dispatch', 'dispatch')),
      DATABASE_URL: databases.url('dispatch'),
      PUBLIC_URL: publicApi(addresses),
      EVENT_SIGNING_KEYS: JSON.stringify({
        keys: [await secrets.signingKey('events', 'EdDSA')],
      }),
      ...recipientVariables(options.settings),
    },
    gateway: {
      ...(await client('gateway', 'gateway')),
      PUBLIC_URL: publicApi(addresses),
      FRONTEND_ORIGIN: options.settings.frontendOrigin ?? addresses.web.url,
      ALLOWED_ORIGINS: addresses.web.url,
      ...rateLimits(options.settings),
    },
  } satisfies Record<string, Environment>
}
