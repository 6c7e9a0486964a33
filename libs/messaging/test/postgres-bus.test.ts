import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import pg from 'pg'
import { describeEventBus } from './event-bus-conformance.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

describe('the event bus on Postgres', () => {
  describeEventBus({
    url: () => database.url,
    depth: async (queue) => {
      const { rows } = await client.query<{ count: number }>(
        "select count(*)::int as count from pgboss.job where name = $1 and state in ('created', 'retry')",
        [queue],
      )
      return rows[0]!.count
    },
    cleanUp: async () => undefined,
  })
})
