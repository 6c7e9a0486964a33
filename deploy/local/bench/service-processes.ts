import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Bench } from '@minaintyg/bench'
import { startService } from '@minaintyg/service'
import { until } from '@minaintyg/testing'
import { pino } from 'pino'
import { addressesFrom, findPortBase, loopback } from '../src/addresses.ts'
import type { Addresses } from '../src/addresses.ts'
import { startDatabases } from '../src/databases.ts'
import { createEnvironments, logicalAddress } from '../src/environments.ts'
import type { Environment } from '../src/environments.ts'
import { buildJournals } from '../src/journal/index.ts'
import { openSecrets } from '../src/secrets.ts'
import { startProvider } from '../src/simulators.ts'
import { visit } from './visit.ts'

const folders = {
  identity: 'identity',
  consent: 'consent',
  certificateStore: 'certificate-store',
  rendering: 'rendering',
  gateway: 'gateway',
} as const
type ServiceName = keyof typeof folders
const names = Object.keys(folders) as ServiceName[]

/** Milliseconds: longer than any benchmark, so that nobody asks a journal while it is measured. */
const fresh = String(86_400_000)

const isReady = async (url: string) => {
  const answer = await fetch(`${url}/readyz`).catch(() => undefined)
  return answer?.status === 200
}

/** A service's main file with its variables, as in a container; its log is a file. */
function startServiceProcess(name: ServiceName, variables: Environment, folder: string) {
  const log = openSync(join(folder, `${name}.log`), 'a')
  const main = new URL(`../../../services/${folders[name]}/src/main.ts`, import.meta.url)
  const child = fork(join(import.meta.dirname, 'with-parent.ts'), [main.href], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', log, log, 'ipc'],
  })
  const ended = once(child, 'exit')
  return async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(timer)
  }
}

/** Where log-ins end; nobody looks at the page. */
async function startWeb(port: number): Promise<() => Promise<unknown>> {
  const server = createServer((_request, response) => response.end('back'))
  await once(server.listen(port, loopback), 'listening')
  return async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}

/** What a log-in and a first list need, and no list after that. */
async function startOthers(addresses: Addresses, stateDir: string) {
  const secrets = await openSecrets(stateDir)
  const provider = await startProvider(addresses, secrets)
  const journals = await buildJournals({
    logLevel: 'silent',
    push: { url: addresses.push.url, logicalAddress },
  })
  const { port } = addresses.journals
  const stops = [
    () => provider.stop(),
    await startService(journals, { host: loopback, port }),
    await startWeb(addresses.web.port),
  ]
  return { secrets, journals, stop: () => Promise.all(stops.map((each) => each())) }
}

/**
 * A process for each service that a patient's list and documents go through, and Postgres: as in production. Whoever else a
 * log-in needs is gone again when this returns, and the copies stay fresh.
 */
export async function startServiceProcesses(bench: Bench, variables: Environment = {}) {
  const stateDir = await bench.folder()
  // As root Postgres runs as another user, who must get through.
  await chmod(stateDir, 0o755)
  const addresses = addressesFrom(await findPortBase())
  const databases = await startDatabases(stateDir, pino({ level: 'silent' }))
  bench.onEnd(() => databases.stop())
  const others = await startOthers(addresses, stateDir)
  const environments = await createEnvironments({
    settings: {
      ...{ portBase: addresses.gateway.port, stateDir, amqpUrl: undefined, once: true },
      logLevel: 'info',
      // Whoever asks as fast as they are answered is no patient.
      rateLimit: 10_000_000,
    },
    addresses,
    databases,
    secrets: others.secrets,
    journals: others.journals.sources(addresses.journals.url),
    pushCallers: others.journals.callers,
  })
  try {
    for (const name of names) {
      const own = { ...environments[name], FRESHNESS: fresh, ...variables }
      bench.onEnd(startServiceProcess(name, own, stateDir))
    }
    for (const name of names) {
      await until(() => isReady(addresses[name].url), { timeout: 120_000, interval: 100 })
    }
    const visitor = await visit(addresses)
    return { ...visitor, storeDatabase: databases.url('certificateStore') }
  } finally {
    await others.stop()
  }
}
