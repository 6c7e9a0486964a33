import { Required, ServiceVariables, clientKeyOf, loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import Type from 'typebox'
import { createForsakringskassan } from '../forsakringskassan/index.ts'
import { buildJournals } from '../journal/index.ts'
import { buildWeb } from '../web.ts'

/**
 * One of those outside, in a container of its own: simulator.ts journals | forsakringskassan | web.
 * The e-legitimation has a program of its own.
 */
const Journals = Type.Object(ServiceVariables)
const Web = Type.Object({
  ...ServiceVariables,
  GATEWAY_URL: Required('Base URL of the public API with its base path, as browsers reach it'),
})
const Forsakringskassan = Type.Object({
  ...ServiceVariables,
  GATEWAY_URL: Required('Base URL of the public API with its base path, as events name it'),
  AMQP_URL: Required('RabbitMQ, as this recipient’s user'),
  CLIENT_KEY: Required('Private key of the OAuth client «forsakringskassan»: a JWK as JSON'),
  DATABASE_URL: Required('Postgres of its own'),
})

/** What each simulator may be told. */
export const simulatorVariables = {
  journals: Journals,
  web: Web,
  forsakringskassan: Forsakringskassan,
}

async function runForsakringskassan(): Promise<void> {
  const config = loadConfig(Forsakringskassan, process.env)
  const authority = await createForsakringskassan({
    host: config.HOST,
    port: config.PORT,
    gatewayUrl: config.GATEWAY_URL,
    credentials: { clientId: 'forsakringskassan', clientKey: clientKeyOf(config) },
    busUrl: config.AMQP_URL,
    databaseUrl: config.DATABASE_URL,
    logLevel: config.LOG_LEVEL,
  })
  process.once('SIGTERM', () => void authority.stop()).once('SIGINT', () => void authority.stop())
  await authority.start()
}

const programs: Record<string, () => Promise<void>> = {
  async journals() {
    const { HOST, PORT, LOG_LEVEL } = loadConfig(Journals, process.env)
    await runService('journals', { HOST, PORT }, () => buildJournals({ logLevel: LOG_LEVEL }))
  },
  async web() {
    const { HOST, PORT, LOG_LEVEL, GATEWAY_URL } = loadConfig(Web, process.env)
    const build = () => buildWeb({ gatewayUrl: GATEWAY_URL, logLevel: LOG_LEVEL })
    await runService('web', { HOST, PORT }, build)
  },
  forsakringskassan: runForsakringskassan,
}

if (import.meta.main) {
  const program = programs[process.argv[2] ?? '']
  if (program === undefined) {
    console.error('usage: simulator.ts journals | forsakringskassan | web')
    process.exitCode = 2
  } else {
    await program()
  }
}
