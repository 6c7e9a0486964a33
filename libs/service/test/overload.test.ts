import { createDatabase } from '@minaintyg/db'
import { createServer } from '@minaintyg/service'
import { createTestDatabase, expectProblem, until } from '@minaintyg/testing'

test('who waits too long for a connection of a full pool is told when to come again', async () => {
  const database = await createTestDatabase()
  const db = createDatabase<{ pg_class: { oid: number } }>({ url: database.url, poolSize: 1 })
  const app = await createServer({ name: 'things', logLevel: 'silent' })
  app.get('/things', { config: { access: 'open' } }, () =>
    db.selectFrom('pg_class').select('oid').limit(1).execute(),
  )
  let release: (() => void) | undefined
  const held = db.connection().execute(() => new Promise<void>((resolve) => (release = resolve)))
  try {
    await until(() => release !== undefined)
    const answer = await app.inject('/things')
    expectProblem(answer, 503, 'service.unavailable')
    expect(answer.headers['retry-after']).toBe('5')
  } finally {
    release?.()
    await held
  }
  expect((await app.inject('/things')).statusCode).toBe(200)
  await app.close()
  await db.destroy()
  await database.drop()
})
