import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addressesFrom, checkPorts } from '../src/addresses.ts'
import type { Settings } from '../src/settings.ts'
import { startSystemProcess } from '../src/system-process.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'

async function findPortBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 600) * 20
    const isFree = await checkPorts(addressesFrom(base), 0).then(
      () => true,
      () => false,
    )
    if (isFree) return base
  }
}

/** Everything that `make demo` starts, on free ports and in a place of its own, in a process of its own. */
export async function startRunningSystem({ amqpUrl }: { amqpUrl?: string } = {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'running-system-'))
  // As root Postgres runs as another user, who must get through.
  await chmod(stateDir, 0o755)
  const portBase = await findPortBase()
  const settings: Settings = { portBase, stateDir, amqpUrl, logLevel: 'info', once: true }
  const addresses = addressesFrom(portBase)
  const start = () => startSystemProcess(settings)
  let system = await start()
  return {
    settings,
    addresses,
    logFolder: system.logFolder,
    /** A patient who has just logged in, as the front end calls the gateway. */
    async patient(number: string) {
      const browser = createBrowser()
      const api = createPatientApi(browser, addresses.gateway.url, addresses.web.url)
      await logIn({ browser, api, web: addresses.web.url, person: number })
      return api
    },
    /** As a power cut would. */
    async killAndStartAgain() {
      process.kill(system.pid, 'SIGKILL')
      await system.ended
      system = await start()
    },
    async stop() {
      await system.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
export type RunningSystem = Awaited<ReturnType<typeof startRunningSystem>>
