import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '@minaintyg/bench'
import { findPostgres } from '@minaintyg/embedded-postgres'
import { addressesFrom, findPortBase } from '../src/addresses.ts'
import { databaseNames } from '../src/databases.ts'
import { startSystemProcess } from '../src/system-process.ts'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { giveConsent, list } from '../src/walk/steps.ts'

export const basePath = '/minaintyg/v1'
const sessionCookie = 'minaintyg-session'
const [person = testPersons[0]] = testPersons

/** All that the demo starts, and a patient who has seen the list once. */
export async function startEverything(bench: Bench) {
  const stateDir = await bench.folder()
  // As root Postgres runs as another user, who must get through.
  await chmod(stateDir, 0o755)
  const portBase = await findPortBase()
  const system = await startSystemProcess({
    portBase,
    stateDir,
    amqpUrl: undefined,
    logLevel: 'info',
    // Whoever asks as fast as they are answered is no patient.
    rateLimit: 10_000_000,
    once: true,
  })
  bench.onEnd(() => system.stop())
  const { gateway, web } = addressesFrom(portBase)
  const browser = createBrowser()
  const api = createPatientApi(browser, gateway.url, web.url)
  await logIn({ browser, api, web: web.url, person: person?.number ?? '' })
  await giveConsent(api)
  const { total } = await list(api)
  const cookie = `${sessionCookie}=${await browser.cookie(api.url('/'), sessionCookie)}`
  const urlOf = await findPostgres(join(stateDir, 'postgres'))
  const database = urlOf?.(databaseNames.certificateStore) ?? ''
  return { url: gateway.url, headers: { cookie }, api, total, database }
}
