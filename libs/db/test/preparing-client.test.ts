import { CompiledQuery, sql } from 'kysely'
import type { Kysely } from 'kysely'
import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { createDatabase } from '../src/index.ts'

interface Tables {
  thing: { id: number; name: string | null }
}

let database: TestDatabase
let db: Kysely<Tables>

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase<Tables>({ url: database.url, poolSize: 1 })
  await sql`create table thing (id integer primary key, name text)`.execute(db)
  await db.insertInto('thing').values({ id: 1, name: 'one' }).execute()
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

const prepared = async () => {
  const { rows } = await sql<{ statement: string }>`
    select statement from pg_prepared_statements order by prepare_time`.execute(db)
  return rows.map(({ statement }) => statement)
}
async function often<T>(ask: (turn: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (let turn = 0; turn < 10; turn += 1) answers.push(await ask(turn))
  return answers
}

test('a statement that comes again is prepared, and answers as before', async () => {
  const names = await often((turn) =>
    db
      .selectFrom('thing')
      .select('name')
      .where('id', '=', turn % 2)
      .execute(),
  )
  expect(names.slice(0, 2)).toEqual([[], [{ name: 'one' }]])
  expect(names.slice(8)).toEqual(names.slice(0, 2))
  expect(await prepared()).toEqual(['select "name" from "thing" where "id" = $1'])
})

test('one that asks for every column is not, and stands a column that is added', async () => {
  const ask = () => db.selectFrom('thing').selectAll().where('id', '=', 1).execute()
  await often(ask)
  expect((await prepared()).filter((statement) => statement.includes('*'))).toEqual([])
  await sql`alter table thing add column more integer`.execute(db)
  expect(await ask()).toEqual([{ id: 1, name: 'one', more: null }])
})

test('one that counts or multiplies is, for it asks for no column by that', async () => {
  const texts = ['select count(*) from thing where id = $1', 'select 3 * $1::integer']
  for (const text of texts) await often(() => db.executeQuery(CompiledQuery.raw(text, [1])))
  expect(await prepared()).toEqual(expect.arrayContaining(texts))
})

test('a failing one fails each time, and the connection goes on', async () => {
  const fail = () => db.insertInto('thing').values({ id: 1, name: 'again' }).execute()
  await often(async () => {
    await expect(fail()).rejects.toMatchObject({ code: '23505' })
  })
  expect(await db.selectFrom('thing').select('name').where('id', '=', 1).execute()).toHaveLength(1)
})

test('statements of ever new texts do not pile up', async () => {
  await often((turn) =>
    sql`select ${sql.raw(String(turn))}::integer + ${turn}::integer`.execute(db),
  )
  expect((await prepared()).some((statement) => statement.includes('::integer +'))).toBe(false)
})
