import { createTestDatabase, until } from '@minaintyg/testing'
import pg from 'pg'
import { createPostgresStore, recipientInboxSql } from '../src/index.ts'
import { startHarness } from './harness.ts'
import type { Harness } from './harness.ts'

let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
})
afterEach(async () => {
  await harness.stopRecipients()
})
afterAll(async () => {
  await harness.stop()
})

/** A handler that waits until it is let go on, and says how many of it run. */
function createGate() {
  const open = Promise.withResolvers<undefined>()
  const gate = {
    running: 0,
    most: 0,
    begun: [] as string[],
    open: () => {
      open.resolve(undefined)
    },
  }
  const handlers = {
    requested: async ({ dispatchId }: { dispatchId: string }) => {
      gate.running += 1
      gate.most = Math.max(gate.most, gate.running)
      gate.begun.push(dispatchId)
      await open.promise
      gate.running -= 1
      return undefined
    },
    revoked: async () => undefined,
  }
  return { gate, handlers }
}

async function publishSome(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, () => harness.gateway.requested())
  for (const event of events) await harness.gateway.publish(harness.sender, event)
  return events.map(({ data }) => data.dispatchId)
}
const isAnswered = (id: string) => harness.receiptsOf(id).length > 0

test('no more are handled at a time than it says; the others wait at the broker', async () => {
  const { gate, handlers } = createGate()
  await harness.startRecipient({ handlers, concurrency: 2 })
  const ids = await publishSome(6)
  await until(() => gate.running === 2)
  gate.open()
  await until(() => ids.every(isAnswered))
  expect(gate.most).toBe(2)
  expect(gate.begun.sort()).toEqual(ids.sort())
})

test('stop waits for what is being handled, with its receipt, and leaves the rest to the next', async () => {
  const { gate, handlers } = createGate()
  const { recipient } = await harness.startRecipient({ handlers, concurrency: 1 })
  const ids = await publishSome(3)
  await until(() => gate.running === 1)
  let stopped = false
  const stopping = recipient.stop().then(() => {
    stopped = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(stopped).toBe(false)
  gate.open()
  await stopping
  expect(gate.begun).toHaveLength(1)
  await until(() => isAnswered(gate.begun[0]!))
  const next = await harness.startRecipient()
  await until(() => ids.every(isAnswered))
  expect(next.requested.map(({ dispatchId }) => dispatchId)).not.toContain(gate.begun[0])
})

test('a new key may sign at any time; what the old one signed still holds', async () => {
  const { requested } = await harness.startRecipient()
  const before = harness.gateway.requested()
  await harness.gateway.publish(harness.sender, before)
  await until(() => isAnswered(before.data.dispatchId))
  const signedByTheOld = harness.gateway.requested()
  const oldSignature = await harness.gateway.sign(Buffer.from(JSON.stringify(signedByTheOld)))
  await harness.gateway.rotateSigningKey()
  const after = harness.gateway.requested()
  await harness.gateway.publish(harness.sender, after)
  await harness.sender.publish({
    exchange: 'minaintyg.dispatch',
    routingKey: 'FKASSA.x',
    id: signedByTheOld.id,
    body: Buffer.from(JSON.stringify(signedByTheOld)),
    headers: { 'x-jws-signature': oldSignature },
  })
  await until(() => requested.length === 3, { timeout: 25_000 })
  expect(requested.map(({ eventId }) => eventId).sort()).toEqual(
    [before.id, signedByTheOld.id, after.id].sort(),
  )
}, 40_000)

test('a database that is lost while it handles ends no process: the event comes again', async () => {
  const database = await createTestDatabase()
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => undefined)
  await pool.query(recipientInboxSql)
  await pool.query('create table dossier (dispatch_id uuid not null)')
  let attempts = 0
  await harness.startRecipient<pg.PoolClient>({
    store: createPostgresStore(pool),
    handlers: {
      requested: async ({ tx, dispatchId }) => {
        attempts += 1
        await tx.query('insert into dossier (dispatch_id) values ($1)', [dispatchId])
        if (attempts === 1) {
          const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
          // Idle when it is lost: it is the client that tells of it, and no query.
          const lost = new Promise((resolve) => tx.once('end', resolve))
          await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid])
          await lost
        }
        return undefined
      },
      revoked: async () => undefined,
    },
  })
  const [id] = await publishSome(1)
  await until(() => isAnswered(id!))
  expect(attempts).toBe(2)
  expect((await pool.query('select from dossier')).rowCount).toBe(1)
  await harness.stopRecipients()
  await pool.end()
  await database.drop()
})
