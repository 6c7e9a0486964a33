import { randomUUID } from 'node:crypto'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import pg from 'pg'
import { connectEventBus, TopologyError } from '../src/index.ts'
import type { EventBus } from '../src/index.ts'

const topology = {
  exchanges: [{ name: 'e' }],
  queues: [{ name: 'one' }, { name: 'two' }],
  bindings: [
    { queue: 'one', exchange: 'e', pattern: '#' },
    { queue: 'two', exchange: 'e', pattern: 'both' },
  ],
}

let database: TestDatabase
let admin: pg.Client
let bus: EventBus

beforeAll(async () => {
  database = await createTestDatabase()
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await database.drop()
})
beforeEach(async () => {
  bus = await connectEventBus({ url: database.url, name: 'test', topology })
})
afterEach(() => bus.close())

const message = (routingKey: string) => ({
  exchange: 'e',
  routingKey,
  id: randomUUID(),
  body: Buffer.from('{}'),
})

test('publishes into all bound queues or into none', async () => {
  await admin.query("delete from pgboss.queue where name = 'two'")
  await expect(bus.publish(message('both'))).rejects.toMatchObject({ code: 'bus.unavailable' })
  const { rows } = await admin.query("select name from pgboss.job where name in ('one', 'two')")
  expect(rows).toEqual([])
})

test('goes on publishing and consuming when all its connections were cut', async () => {
  const seen: string[] = []
  await bus.subscribe({ queue: 'one' }, async ({ id }) => void seen.push(id!))
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  const sent = message('a')
  await until(() =>
    bus.publish(sent).then(
      () => true,
      () => false,
    ),
  )
  await until(() => seen.includes(sent.id))
  expect(bus.state()).toBe('ready')
})

test('hands a message over soon after it was published', async () => {
  const seen: number[] = []
  await bus.subscribe({ queue: 'one', concurrency: 1 }, async () => void seen.push(Date.now()))
  for (let count = 1; count <= 20; count += 1) await bus.publish(message('a'))
  // Twenty polls would take ten seconds: it is the notice that makes this quick.
  await until(() => seen.length === 20, { timeout: 4_000 })
})

test('says so when the queues cannot be created', async () => {
  const unusable = { ...topology, queues: [{ name: 'no spaces' }], bindings: [] }
  const attempt = connectEventBus({ url: database.url, name: 'test', topology: unusable })
  await expect(attempt).rejects.toThrow(TopologyError)
})
