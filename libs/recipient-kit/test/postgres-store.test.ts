import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
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

describe('a recipient with its own Postgres', () => {
  let database: TestDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    database = await createTestDatabase()
    pool = new pg.Pool({ connectionString: database.url, max: 4 })
    await pool.query(recipientInboxSql)
    await pool.query('create table dossier (dispatch_id uuid not null)')
  })
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })
  const dossiers = async (dispatchId: string) =>
    (await pool.query('select from dossier where dispatch_id = $1', [dispatchId])).rowCount

  test('has its effect and the memory of it in one transaction, across restarts', async () => {
    let failures = 1
    const start = () =>
      harness.startRecipient<pg.PoolClient>({
        store: createPostgresStore(pool),
        handlers: {
          requested: async ({ tx, dispatchId }) => {
            await tx.query('insert into dossier (dispatch_id) values ($1)', [dispatchId])
            failures -= 1
            if (failures >= 0) throw new Error('crashes after the effect, before the commit')
            return [{ kind: 'received' }, { kind: 'accepted', reference: 'FK-9' }]
          },
          revoked: async () => undefined,
        },
      })
    const { recipient } = await start()
    const event = harness.gateway.requested()
    const { dispatchId } = event.data
    await harness.gateway.publish(harness.sender, event)
    await until(() => harness.receiptsOf(dispatchId).length === 2)
    expect(await dossiers(dispatchId)).toBe(1)

    await recipient.stop()
    await start()
    await harness.gateway.publish(harness.sender, event)
    await until(() => harness.receiptsOf(dispatchId).length === 4)
    expect(await dossiers(dispatchId)).toBe(1)
    expect(new Set(harness.receiptsOf(dispatchId).map(({ id }) => id)).size).toBe(2)
  })

  test('has one effect when an event is delivered twice at the same time', async () => {
    const store = createPostgresStore(pool)
    const eventId = '0b0c7f34-52f6-4a7e-8a1b-6f3c5d1f6f10'
    let effects = 0
    const once = () =>
      store.once(eventId, async () => {
        effects += 1
        return [{ kind: 'received' }]
      })
    expect(await Promise.all([once(), once(), once()])).toEqual(
      Array(3).fill([{ kind: 'received' }]),
    )
    expect(effects).toBe(1)
  })
})
