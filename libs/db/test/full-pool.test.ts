import { sql } from 'kysely'
import { createTestDatabase, until } from '@minaintyg/testing'
import { createDatabase } from '../src/index.ts'

test('no more wait for a connection than may: one more is refused at once, as by Postgres itself', async () => {
  const database = await createTestDatabase()
  const db = createDatabase({ url: database.url, poolSize: 1, mostWaiting: 1 })
  let release: (() => void) | undefined
  const held = db.connection().execute(() => new Promise<void>((resolve) => (release = resolve)))
  await until(() => release !== undefined)
  const ask = () => sql`select 1`.execute(db)
  const waiting = ask().catch((error: unknown) => error)
  await expect(ask()).rejects.toMatchObject({ code: '53300' })
  release?.()
  await Promise.all([held, waiting])
  await expect(ask()).resolves.toBeDefined()
  await db.destroy()
  await database.drop()
})
