import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startService } from '@minaintyg/service'
import { until } from '@minaintyg/testing'
import { pino } from 'pino'
import { addressesFrom, findPortBase, loopback } from '../src/addresses.ts'
import { startDatabases } from '../src/databases.ts'
import type { Databases } from '../src/databases.ts'
import { createEnvironments, logicalAddress } from '../src/environments.ts'
import { buildJournals } from '../src/journal/index.ts'
import { openSecrets } from '../src/secrets.ts'
import type { Settings } from '../src/settings.ts'
import { startForsakringskassan, startProvider } from '../src/simulators.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { startBalancer } from './balancer.ts'
import type { Balancer } from './balancer.ts'
import { startServiceProcess } from './service-process.ts'
import type { ServiceName, ServiceProcess } from './service-process.ts'

const patience = { timeout: 120_000, interval: 100 }
/** Milliseconds that a busy machine may take for an answer: only what is refused or broken off is a fault here. */
const longestAnswer = 120_000
const variablesOf: Partial<Record<ServiceName, Record<string, string>>> = {
  gateway: { NEIGHBOUR_DEADLINE: String(longestAnswer) },
  rendering: { RENDER_DEADLINE_MS: String(longestAnswer) },
}
type Stop = () => Promise<unknown>

/** Where log-ins end: nobody looks at the pages here. */
async function startPageToReturnTo(port: number): Promise<Stop> {
  const server = createServer((_request, response) => response.end('back'))
  server.listen(port, loopback)
  await once(server, 'listening')
  return async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}

/** Each service as processes of its own behind a balancer, everything else as in the demo: how it is run in production. */
export async function startReplicatedSystem({
  variables = {},
  amqpUrl,
  stateDir: ownState,
  databases: ownDatabases,
}: {
  variables?: Record<string, string>
  /** Of RabbitMQ as the event bus; else it is Postgres. */
  amqpUrl?: string
  /** With the keys of an earlier one; not removed at the end. */
  stateDir?: string
  databases?: Databases
} = {}) {
  const stateDir = ownState ?? (await mkdtemp(join(tmpdir(), 'replicated-system-')))
  // As root Postgres runs as another user, who must get through.
  await chmod(stateDir, 0o755)
  const addresses = addressesFrom(await findPortBase())
  const settings: Settings = {
    portBase: addresses.gateway.port,
    stateDir,
    amqpUrl,
    logLevel: 'silent',
    rateLimit: 1_000_000,
    once: true,
  }
  const logger = pino({ level: 'silent' })
  const stops: Stop[] =
    ownState === undefined ? [() => rm(stateDir, { recursive: true, force: true })] : []
  const replicas = new Map<ServiceName, ServiceProcess>()
  const balancers = new Map<ServiceName, Balancer>()
  const logs: string[][] = []
  const stop = async () => {
    await Promise.all([...replicas.values()].map((replica) => replica.stop()))
    for (const each of stops.reverse()) await each()
  }

  try {
    const secrets = await openSecrets(stateDir)
    const databases = ownDatabases ?? (await startDatabases(stateDir, logger))
    stops.push(() => databases.stop())
    const provider = await startProvider(addresses, secrets)
    stops.push(() => provider.stop())
    const journals = await buildJournals({
      logLevel: 'silent',
      push: { url: addresses.push.url, logicalAddress },
    })
    const { port } = addresses.journals
    stops.push(await startService(journals, { host: loopback, port }))
    stops.push(await startPageToReturnTo(addresses.web.port))
    const environments = await createEnvironments({
      settings,
      addresses,
      databases,
      secrets,
      journals: journals.sources(addresses.journals.url),
      pushCallers: journals.callers,
    })
    const balancerOf = (name: ServiceName) => balancers.get(name)!
    const start = async (name: ServiceName) => {
      const replica = await startServiceProcess(name, {
        ...environments[name],
        // A second replica could not listen on the same port of one machine.
        PUSH_PORT: '',
        LOG_LEVEL: 'info',
        ...variablesOf[name],
        ...variables,
      })
      logs.push(replica.lines)
      balancerOf(name).add(replica.port)
      return replica
    }
    const names = Object.keys(environments) as ServiceName[]
    for (const name of names) {
      const balancer = await startBalancer(addresses[name].port)
      balancers.set(name, balancer)
      stops.push(() => balancer.stop())
      replicas.set(name, await start(name))
    }
    for (const name of names) {
      await until(() => balancerOf(name).isReady(replicas.get(name)!.port), patience)
    }
    const recipient = await startForsakringskassan({
      settings,
      addresses,
      databases,
      secrets,
      logger,
      servicesAreUp: Promise.resolve(),
    })
    stops.push(() => recipient.stop())

    return {
      names,
      addresses,
      replicas,
      journals,
      /** What all replicas have logged, those too that have ended. */
      lines: () => logs.flat(),
      /** A new replica comes, and only when it is ready the old one is told to go. @returns how that ended */
      async replace(name: ServiceName) {
        const old = replicas.get(name)!
        const next = await start(name)
        replicas.set(name, next)
        const died = next.ended.then(() => {
          throw new Error(`The new ${name} has ended: ${next.lines.slice(-5).join('\n')}`)
        })
        await Promise.race([until(() => balancerOf(name).isReady(next.port), patience), died])
        const ended = await old.stop()
        balancerOf(name).remove(old.port)
        return { ...ended, lines: old.lines }
      },
      async patient(number: string) {
        const browser = createBrowser(longestAnswer)
        const api = createPatientApi(browser, addresses.gateway.url, addresses.web.url)
        await logIn({ browser, api, web: addresses.web.url, person: number })
        return api
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
export type ReplicatedSystem = Awaited<ReturnType<typeof startReplicatedSystem>>
