import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { addressesFrom } from './addresses.ts'
import { startSystemProcess } from './system-process.ts'
import { testPersons } from './test-persons.ts'
import { WalkError } from './walk/walk-error.ts'
import { walkPatientsWay } from './walk/walk.ts'
import type { WalkStep } from './walk/walk.ts'

const clock = () => new Date().toTimeString().slice(0, 8)

function tell({ name, detail, milliseconds }: WalkStep): void {
  const took = `${Math.round(milliseconds)} ms`
  console.log(`${clock()}  ${name.padEnd(10)} ${took.padStart(8)}  ${detail}`)
}

async function walk(settings: Settings): Promise<void> {
  const addresses = addressesFrom(settings.portBase)
  const [person] = testPersons
  await walkPatientsWay({
    gatewayUrl: addresses.gateway.url,
    webUrl: addresses.web.url,
    person: person?.number ?? '',
    recipientId: 'FKASSA',
    folder: settings.stateDir,
    onStep: tell,
  })
}

function explain(settings: Settings, logFolder: string): void {
  const { gateway, web, eLegitimation, journals, forsakringskassan } = addressesFrom(
    settings.portBase,
  )
  console.log(`
It stays up until Ctrl-C. All of it is on this machine and all persons are made up.

  ${web.url}                       the patient's pages: walk the way yourself
  ${gateway.url}/minaintyg/v1/docs     the public API, to read and to try
  ${eLegitimation.url}                       the e-legitimation; its page lists the test persons and what each shows
  ${journals.url}                       the journals
  ${forsakringskassan.url}                       Försäkringskassan

With curl, from the log-in page on:
  curl -sL -c cookies -b cookies '${gateway.url}/minaintyg/v1/auth/login?returnTo=/'
  curl -s  -b cookies ${gateway.url}/minaintyg/v1/session

Logs, one JSON line an event: ${logFolder}/
`)
}

async function run(): Promise<number> {
  const settings = readSettings(process.env)
  const bus = settings.amqpUrl === undefined ? 'Postgres' : 'RabbitMQ'
  console.log(`${clock()}  starting six services, three simulators and Postgres; events on ${bus}`)
  const start = performance.now()
  const system = await startSystemProcess(settings)
  const stop = () => {
    void system.stop()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  tell({ name: 'started', detail: settings.stateDir, milliseconds: performance.now() - start })
  try {
    await walk(settings)
  } catch (error) {
    if (!(error instanceof WalkError)) console.error(error)
    else console.error(`${clock()}  The way ends here: ${error.message}\nSee ${system.logFolder}/`)
    if (settings.once) {
      await system.stop()
      return 1
    }
  }
  if (settings.once) {
    await system.stop()
    console.log(`${clock()}  every step held`)
    return 0
  }
  explain(settings, system.logFolder)
  const code = await system.ended
  return code ?? 1
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
