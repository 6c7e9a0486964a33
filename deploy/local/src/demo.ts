import { prepareTestPersons } from './demo-seeding.ts'
import { readSettings } from './settings.ts'
import type { Settings } from './settings.ts'
import { addressesFrom } from './addresses.ts'
import { startSystemProcess } from './system-process.ts'
import { testPersons } from './test-persons.ts'
import { walkPatientsWay } from './walk/walk.ts'
import type { WalkStep } from './walk/walk.ts'

const clock = () => new Date().toTimeString().slice(0, 8)

function tell({ name, detail, milliseconds }: WalkStep): void {
  const took = `${Math.round(milliseconds)} ms`
  console.log(`${clock()}  ${name.padEnd(10)} ${took.padStart(8)}  ${detail}`)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

async function walk(settings: Settings): Promise<void> {
  const addresses = addressesFrom(settings.portBase)
  const [person] = testPersons
  await walkPatientsWay({
    gatewayUrl: addresses.gateway.url,
    webUrl: addresses.web.url,
    frontendOrigin: settings.frontendOrigin,
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

  ${web.url}   the patient's pages: log in as one of the test persons, each shows something else
  ${gateway.url}/minaintyg/v1/docs   the public API, to read and to try
  ${forsakringskassan.url}   what Försäkringskassan has received
  ${journals.url}/control   the journals: make one slow, down or faulty
  ${eLegitimation.url}/test-persons   the e-legitimation, an OpenID provider, and who one can log in as

The same way with curl and a cookie jar: deploy/local/walk-with-curl.sh

Logs, one JSON line an event: ${logFolder}/
`)
}

/** @returns whether every step held */
async function walkAloud(settings: Settings, tellFault: (why: string) => void): Promise<boolean> {
  try {
    await walk(settings)
    console.log(`${clock()}  every step held`)
    return true
  } catch (error) {
    tellFault(`The way ends here: ${describe(error)}`)
    return false
  }
}

/** While one already reads: what the page of test persons says of them is true a little later. */
async function prepareAloud(settings: Settings, tellFault: (why: string) => void): Promise<void> {
  const { gateway, web } = addressesFrom(settings.portBase)
  const start = performance.now()
  try {
    await prepareTestPersons({
      gatewayUrl: gateway.url,
      webUrl: web.url,
      frontendOrigin: settings.frontendOrigin,
    })
    const milliseconds = performance.now() - start
    tell({ name: 'persons', detail: 'all test persons show what they promise', milliseconds })
  } catch (error) {
    tellFault(`Not every test person is prepared: ${describe(error)}`)
  }
}

const untilInterrupted = () =>
  new Promise<void>((resolve) => {
    const stop = () => {
      resolve()
    }
    // Once: who asks a second time does not want to wait.
    process.once('SIGINT', stop).once('SIGTERM', stop)
  })

async function run(): Promise<number> {
  const settings = readSettings(process.env)
  const bus = settings.amqpUrl === undefined ? 'Postgres' : 'RabbitMQ'
  console.log(`${clock()}  starting six services, three simulators and Postgres; events on ${bus}`)
  const start = performance.now()
  const system = await startSystemProcess(settings)
  tell({ name: 'started', detail: settings.stateDir, milliseconds: performance.now() - start })

  let stopping = false
  const tellFault = (why: string) => {
    if (!stopping) console.error(`${clock()}  ${why}\nSee ${system.logFolder}/`)
  }
  const ended = system.ended.then((code) => {
    tellFault(`It ended by itself, with ${code ?? 'a signal'}.`)
    return 1
  })
  const interrupted = untilInterrupted().then(() => (settings.once ? 130 : 0))
  const walked = walkAloud(settings, tellFault).then((held) => {
    if (settings.once) return held ? 0 : 1
    if (!stopping) {
      explain(settings, system.logFolder)
      void prepareAloud(settings, tellFault)
    }
    return Promise.race([interrupted, ended])
  })
  const code = await Promise.race([walked, interrupted, ended])
  stopping = true
  await system.stop()
  return code
}

try {
  process.exit(await run())
} catch (error) {
  console.error(describe(error))
  process.exit(1)
}
