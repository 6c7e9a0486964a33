import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findPostgres } from '@minaintyg/embedded-postgres'
import { scanDatabase } from '@minaintyg/testing'
import { addressesFrom, findPortBase } from '../src/addresses.ts'
import { databaseNames } from '../src/databases.ts'
import type { Settings } from '../src/settings.ts'
import { startSystemProcess } from '../src/system-process.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'

/** Everything that `make demo` starts, on free ports and in a place of its own, in a process of its own. */
export async function startRunningSystem({
  amqpUrl,
  recipients,
  rateLimit,
  metricsPort,
  traceEndpoint,
}: Partial<
  Pick<Settings, 'amqpUrl' | 'recipients' | 'rateLimit' | 'metricsPort' | 'traceEndpoint'>
> = {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'running-system-'))
  // As root Postgres runs as another user, who must get through.
  await chmod(stateDir, 0o755)
  const portBase = await findPortBase()
  const settings: Settings = {
    portBase,
    stateDir,
    amqpUrl,
    recipients,
    logLevel: 'info',
    rateLimit,
    metricsPort,
    traceEndpoint,
    once: true,
  }
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
    /** The databases of the services, as the owner of everything in them. */
    async query<Row extends pg.QueryResultRow>(
      database: string,
      statement: string,
      values?: unknown[],
    ) {
      const url = await findPostgres(join(stateDir, 'postgres'))
      const client = new pg.Client(url?.(database))
      await client.connect()
      try {
        return (await client.query<Row>(statement, values)).rows
      } finally {
        await client.end()
      }
    },
    /** As a power cut would. */
    async killAndStartAgain() {
      process.kill(system.pid, 'SIGKILL')
      await system.ended
      system = await start()
    },
    /** The process that everything runs in. */
    pid: () => system.pid,
    async stop() {
      const urlOf = await findPostgres(join(stateDir, 'postgres'))
      for (const database of Object.values(databaseNames)) {
        if (urlOf !== undefined) await scanDatabase(urlOf(database))
      }
      await system.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
export type RunningSystem = Awaited<ReturnType<typeof startRunningSystem>>
