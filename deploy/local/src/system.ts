import { startService } from '@minaintyg/service'
import type { Service } from '@minaintyg/service'
import type { Logger } from 'pino'
import { addressesFrom, checkPorts, loopback } from './addresses.ts'
import type { Addresses, Party } from './addresses.ts'
import { startDatabases } from './databases.ts'
import { createEnvironments, logicalAddress } from './environments.ts'
import { buildJournals } from './journal/index.ts'
import { openSecrets } from './secrets.ts'
import { listServices } from './services.ts'
import type { Settings } from './settings.ts'
import { startForsakringskassan, startProvider } from './simulators.ts'
import { createStopOrder } from './stop-order.ts'
import { buildWeb } from './web.ts'

export interface System {
  addresses: Addresses
  /** In reverse order of the start. */
  stop(): Promise<void>
}

/**
 * Starts everything on loopback: Postgres, the simulators, the six services, the web client.
 * What was started is stopped again where a later part fails.
 */
export async function startSystem(settings: Settings, logger: Logger): Promise<System> {
  const addresses = addressesFrom(settings.portBase)
  const order = createStopOrder(logger)
  const listen = async (party: Party, build: () => Promise<Service>): Promise<void> => {
    const { port } = addresses[party]
    order.add(party, await startService(await build(), { host: loopback, port }))
    logger.info({ party, port }, 'started')
  }
  try {
    const secrets = await openSecrets(settings.stateDir)
    const databases = await startDatabases(settings.stateDir, logger)
    order.add('postgres', () => databases.stop())
    await checkPorts(addresses)

    const provider = startProvider(addresses, secrets, settings.frontendOrigin)
    order.add('eLegitimation', async () => (await provider).stop())
    provider.catch(() => undefined)
    const journals = await buildJournals({
      logLevel: settings.logLevel,
      push: { url: addresses.push.url, logicalAddress },
    })
    await listen('journals', async () => journals)

    const environments = await createEnvironments({
      settings,
      addresses,
      databases,
      secrets,
      journals: journals.sources(addresses.journals.url),
      pushCallers: journals.callers,
    })
    const services = Promise.withResolvers<undefined>()
    const recipient = startForsakringskassan({
      ...{ settings, addresses, databases, secrets, logger },
      servicesAreUp: services.promise,
    })
    recipient.catch(() => undefined)
    for (const [party, build] of listServices(environments)) await listen(party, build)
    services.resolve(undefined)
    order.add('forsakringskassan', async () => (await recipient).stop())
    await listen('web', () =>
      buildWeb({ gatewayUrl: addresses.gateway.url, logLevel: settings.logLevel }),
    )
    await recipient
    await provider
    return { addresses, stop: () => order.stop() }
  } catch (error) {
    await order.stop()
    throw error
  }
}
