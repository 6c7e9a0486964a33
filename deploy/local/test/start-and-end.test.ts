import { jest } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { addressesFrom, findPortBase } from '../src/addresses.ts'
import type { DatabaseOwner } from '../src/databases.ts'
import { createEnvironments } from '../src/environments.ts'
import { openSecrets } from '../src/secrets.ts'
import { serviceFolders, startServiceProcess } from './service-process.ts'
import type { ServiceName, ServiceProcess } from './service-process.ts'
import { startTraceCollector } from './trace-collector.ts'
import type { TraceCollector } from './trace-collector.ts'
import { createWay } from './way.ts'
import type { Way } from './way.ts'

jest.setTimeout(300_000)

const patience = { timeout: 60_000, interval: 100 }
const names = Object.keys(serviceFolders) as ServiceName[]
const migrated: readonly DatabaseOwner[] = ['identity', 'consent', 'certificateStore', 'dispatch']
const ofDatabase = ['database', 'migrations']
/** What /readyz misses where nothing is there yet. The gateway keeps nothing and needs no event. */
const needs: Record<ServiceName, string[]> = {
  identity: ofDatabase,
  consent: [...ofDatabase, 'broker'],
  certificateStore: [...ofDatabase, 'broker'],
  rendering: ['broker'],
  dispatch: [...ofDatabase, 'broker'],
  gateway: [],
}

let collector: TraceCollector
let stateDir: string
const databases: TestDatabase[] = []
const ways: Partial<Record<DatabaseOwner, Way>> = {}
const running = new Map<ServiceName, ServiceProcess>()

async function layWay(owner: DatabaseOwner): Promise<void> {
  const folder = owner === 'eventBus' ? undefined : serviceFolders[owner as ServiceName]
  const database = await createTestDatabase(folder)
  databases.push(database)
  ways[owner] = await createWay(database.url)
}

beforeAll(async () => {
  collector = await startTraceCollector()
  stateDir = await mkdtemp(join(tmpdir(), 'start-and-end-'))
  for (const owner of [...migrated, 'eventBus'] as const) await layWay(owner)
  const addresses = addressesFrom(await findPortBase())
  const environments = await createEnvironments({
    settings: {
      portBase: addresses.gateway.port,
      stateDir,
      amqpUrl: undefined,
      logLevel: 'info',
      rateLimit: undefined,
      once: true,
    },
    addresses,
    databases: { url: (owner) => ways[owner]!.url, stop: async () => undefined },
    secrets: await openSecrets(stateDir),
    journals: [
      {
        id: 'nobody',
        name: 'Nobody',
        endpoint: 'http://127.0.0.1:1/',
        logicalAddress: 'X',
        contractVersion: 4,
      },
    ],
    pushCallers: [],
  })
  for (const name of names) {
    const variables = {
      ...environments[name],
      PUSH_PORT: '',
      SHUTDOWN_NOTICE: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    }
    running.set(name, await startServiceProcess(name, variables))
  }
})
afterAll(async () => {
  for (const each of running.values()) {
    each.kill()
    await each.ended
  }
  for (const way of Object.values(ways)) way.cut()
  for (const database of databases) await database.drop()
  await collector.stop()
  await rm(stateDir, { recursive: true, force: true })
})

async function untilMissing(name: ServiceName, expected: string[]): Promise<void> {
  await until(async () => {
    const { status, body } = await running.get(name)!.probe('/readyz')
    const missing = status === 200 ? [] : (body.missing ?? [])
    return JSON.stringify(missing) === JSON.stringify(expected)
  }, patience)
}

test.each(names)('%s starts while nothing is there, and says what it waits for', async (name) => {
  await untilMissing(name, needs[name])
  expect((await running.get(name)!.probe('/livez')).status).toBe(200)
})

test('all become ready when what they need has come, and none had anything that someone must act on', async () => {
  for (const way of Object.values(ways)) await way.open()
  for (const name of names) await untilMissing(name, [])
  const lines = [...running.values()].flatMap((each) => each.lines)
  expect(lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([])
})

test.each(names)('%s sends the trace of its last request before it ends', async (name) => {
  const traceId = (names.indexOf(name) + 1).toString(16).padStart(32, 'e')
  const replica = running.get(name)!
  const answer = await fetch(`${replica.url}/livez`, {
    headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01`, connection: 'close' },
  })
  await answer.text()
  expect(await replica.stop()).toEqual({ code: 0, signal: null })
  const spans = collector.spans.filter((span) => span.traceId === traceId)
  expect(spans.map((span) => span.name)).toContain('GET /livez')
})
