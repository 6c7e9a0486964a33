import type { Logger } from 'pino'
import { loopback } from './addresses.ts'
import type { Addresses } from './addresses.ts'
import { clientKey } from './clients.ts'
import type { Databases } from './databases.ts'
import { startELegitimation } from './e-legitimation/process.ts'
import type { ELegitimationProcess } from './e-legitimation/process.ts'
import { publicApi, relyingPartyId, relyingPartyKey } from './environments.ts'
import { startForsakringskassanProcess } from './forsakringskassan/process.ts'
import type { ForsakringskassanProcess } from './forsakringskassan/process.ts'
import { publicKeyOf } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

/** The e-legitimation, with identity as its relying party. */
export async function startProvider(
  addresses: Addresses,
  secrets: Secrets,
  frontendOrigin = addresses.web.url,
): Promise<ELegitimationProcess> {
  const api = publicApi(addresses)
  const { port, url } = addresses.eLegitimation
  return startELegitimation({
    port,
    issuer: url,
    relyingParties: [
      {
        client_id: relyingPartyId,
        redirect_uris: [`${api}/auth/callback`],
        post_logout_redirect_uris: [`${frontendOrigin}/`],
        backchannel_logout_uri: `${api}/auth/backchannel-logout`,
        jwks: { keys: [publicKeyOf(await relyingPartyKey(secrets))] },
      },
    ],
  })
}

interface RecipientOptions {
  settings: Settings
  addresses: Addresses
  databases: Databases
  secrets: Secrets
  logger: Logger
  /** It reads a queue that dispatch declares. */
  servicesAreUp: Promise<unknown>
}

/** Försäkringskassan, which knows of us no more than an authority would: the API, the broker and a key. */
export async function startForsakringskassan(
  options: RecipientOptions,
): Promise<ForsakringskassanProcess> {
  const { settings, addresses, databases, secrets, logger, servicesAreUp } = options
  const clientId = 'forsakringskassan'
  const config = async () => {
    await servicesAreUp
    return {
      host: loopback,
      port: addresses.forsakringskassan.port,
      gatewayUrl: publicApi(addresses),
      credentials: { clientId, clientKey: await clientKey(secrets, clientId) },
      busUrl: settings.amqpUrl ?? databases.url('eventBus'),
      databaseUrl: databases.url('forsakringskassan'),
      logLevel: settings.logLevel,
    }
  }
  return startForsakringskassanProcess(config(), (err) => {
    logger.warn({ err, party: 'forsakringskassan' }, 'Försäkringskassan crashed; starting again')
  })
}
