import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase, until } from '@minaintyg/testing'
import { sql } from 'kysely'
import { createMessagingDatabase } from './database.ts'
import { buildExample } from './readme-example.ts'

const text = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')

test('the README shows the example that runs', () => {
  expect(text('../README.md')).toContain(text('readme-example.ts').trim())
})

test('the example carries a greeting from the outbox to the inbox', async () => {
  const busDatabase = await createTestDatabase()
  const { db, url, drop } = await createMessagingDatabase()
  await sql`create table greeting (name text not null)`.execute(db)
  const greetings = db.$extendTables<{ greeting: { name: string } }>()
  const example = await buildExample(greetings, url, busDatabase.url)
  for (const worker of example.workers) await worker.start()
  await example.greet('Tolvan')
  const rows = await until(async () => {
    const found = await greetings.selectFrom('greeting').selectAll().execute()
    return found.length > 0 && found
  })
  expect(rows).toEqual([{ name: 'Tolvan' }])
  for (const worker of example.workers) await worker.stop()
  await example.close()
  await drop()
  await busDatabase.drop()
})
