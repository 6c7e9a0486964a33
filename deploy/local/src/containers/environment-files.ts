import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientKey, registerClients } from '../clients.ts'
import { accessLogKeys, relyingPartyId, relyingPartyKey, sealingKeys } from '../environments.ts'
import { laptopPassword } from '../event-documents/laptop-definitions.ts'
import { openSecrets, publicKeyOf } from '../secrets.ts'
import type { Secrets } from '../secrets.ts'

/** Where what is in no image answers, as the containers reach it. */
export interface Surroundings {
  postgres: { host: string; port: number; password: string }
  rabbitmq: { host: string; port: number }
  /** Base URL of the gateway, as the e-legitimation reaches it. */
  gatewayInside: string
  /** As browsers reach them. */
  gatewayUrl: string
  webUrl: string
}

const databases = {
  identity: 'identity',
  consent: 'consent',
  'certificate-store': 'certificate_store',
  dispatch: 'dispatch',
} as const

function databaseUrl({ postgres }: Surroundings, database: string, role: 'owner' | 'service') {
  const { host, port, password } = postgres
  return `postgres://${database}_${role}:${encodeURIComponent(password)}@${host}:${port}/${database}`
}

const amqpUrl = ({ rabbitmq }: Surroundings, user: string) =>
  `amqp://${user}:${laptopPassword}@${rabbitmq.host}:${rabbitmq.port}/minaintyg`

async function relyingParties(surroundings: Surroundings, secrets: Secrets) {
  const { gatewayUrl, gatewayInside, webUrl } = surroundings
  return [
    {
      client_id: relyingPartyId,
      redirect_uris: [`${gatewayUrl}/minaintyg/v1/auth/callback`],
      post_logout_redirect_uris: [`${webUrl}/`],
      backchannel_logout_uri: `${gatewayInside}/minaintyg/v1/auth/backchannel-logout`,
      jwks: { keys: [publicKeyOf(await relyingPartyKey(secrets))] },
    },
  ]
}

async function variablesOf(surroundings: Surroundings, secrets: Secrets) {
  const key = async (clientId: Parameters<typeof clientKey>[1]) =>
    JSON.stringify(await clientKey(secrets, clientId))
  const keySet = async (name: string) =>
    JSON.stringify({ keys: [await secrets.signingKey(name, 'EdDSA')] })
  const database = (name: keyof typeof databases) =>
    databaseUrl(surroundings, databases[name], 'service')
  return {
    identity: {
      DATABASE_URL: database('identity'),
      CLIENTS: JSON.stringify(await registerClients(secrets)),
      PERSON_NUMBER_KEYS: await sealingKeys(secrets, 'personal numbers'),
      PERSON_LOOKUP_KEY: await secrets.key('look-up of personal numbers'),
      SECRET_KEYS: await sealingKeys(secrets, 'secrets of identity'),
      RELYING_PARTY_KEY: JSON.stringify(await relyingPartyKey(secrets)),
    },
    consent: {
      DATABASE_URL: database('consent'),
      AMQP_URL: amqpUrl(surroundings, 'consent'),
      PROOF_SIGNING_KEYS: await keySet('proofs of consent'),
    },
    'certificate-store': {
      DATABASE_URL: database('certificate-store'),
      AMQP_URL: amqpUrl(surroundings, 'certificate-store'),
      CLIENT_KEY: await key('certificate-store'),
      MASTER_KEYS: await sealingKeys(secrets, 'patients’ keys'),
      ACCESS_LOG_KEYS: await accessLogKeys(secrets),
      IDENTIFIER_KEY: await secrets.key('identifiers of certificates'),
    },
    rendering: {
      AMQP_URL: amqpUrl(surroundings, 'rendering'),
      CLIENT_KEY: await key('rendering'),
    },
    dispatch: {
      DATABASE_URL: database('dispatch'),
      AMQP_URL: amqpUrl(surroundings, 'dispatch'),
      CLIENT_KEY: await key('dispatch'),
      EVENT_SIGNING_KEYS: await keySet('events'),
    },
    gateway: { CLIENT_KEY: await key('gateway') },
    'e-legitimation': {
      RELYING_PARTIES: JSON.stringify(await relyingParties(surroundings, secrets)),
    },
    forsakringskassan: {
      AMQP_URL: amqpUrl(surroundings, 'fkassa'),
      CLIENT_KEY: await key('forsakringskassan'),
      DATABASE_URL: databaseUrl(surroundings, 'forsakringskassan', 'owner'),
    },
  }
}

const migrations = (surroundings: Surroundings) =>
  Object.entries(databases).map(
    ([service, name]) =>
      [
        `migrate-${service}`,
        {
          OWNER_DATABASE_URL: databaseUrl(surroundings, name, 'owner'),
          SERVICE_ROLE: `${name}_service`,
        },
      ] as const,
  )

/**
 * Writes `<folder>/<container>.env`, the secrets of each and what hangs on them, a line a variable as Compose and
 * `kubectl create secret --from-env-file` both read it. Keys are made once and stay.
 */
export async function writeEnvironmentFiles(
  folder: string,
  surroundings: Surroundings,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const secrets = await openSecrets(folder)
  const all = [
    ...Object.entries(await variablesOf(surroundings, secrets)),
    ...migrations(surroundings),
  ]
  for (const [name, variables] of all) {
    const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${value}\n`)
    await writeFile(join(folder, `${name}.env`), lines.join(''), { mode: 0o600 })
  }
}
