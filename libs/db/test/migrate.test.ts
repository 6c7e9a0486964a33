import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createDatabase, isUniqueViolation, migrate, pendingMigrations, ping } from '@minaintyg/db'
import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'

let database: TestDatabase
let folder: string
beforeEach(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  await writeFile(join(folder, '0001_create_thing.sql'), 'create table thing (id int primary key);')
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

describe('migrate', () => {
  test('applies what is missing, once, in order', async () => {
    expect(await pendingMigrations(database.url, folder)).toEqual(['0001_create_thing.sql'])
    await migrate(database.url, folder)
    await writeFile(join(folder, '0002_add_name.sql'), 'alter table thing add name text;')
    expect(await migrate(database.url, folder)).toEqual(['0002_add_name.sql'])
    expect(await migrate(database.url, folder)).toEqual([])
    expect(await pendingMigrations(database.url, folder)).toEqual([])
  })

  test('eight at once do the work once', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => migrate(database.url, folder)))
    expect(runs.flat()).toEqual(['0001_create_thing.sql'])
  })

  test('rolls a failing file back, names it, and keeps what came before', async () => {
    await writeFile(join(folder, '0002_broken.sql'), 'create table other (id int); select 1/0;')
    await expect(migrate(database.url, folder)).rejects.toThrow('0002_broken.sql')
    expect(await pendingMigrations(database.url, folder)).toEqual(['0002_broken.sql'])
  })

  test('refuses a gap in the numbers', async () => {
    await writeFile(join(folder, '0003_later.sql'), 'select 1;')
    await expect(migrate(database.url, folder)).rejects.toThrow('0003_later.sql')
  })
})

describe('createDatabase', () => {
  test('tells a broken unique key from other faults', async () => {
    await migrate(database.url, folder)
    const db = createDatabase<{ thing: { id: number } }>({ url: database.url })
    const insert = () => db.insertInto('thing').values({ id: 1 }).execute()
    await insert()
    const error = await insert().catch((thrown: unknown) => thrown)
    expect(isUniqueViolation(error)).toBe(true)
    expect(isUniqueViolation(error, 'thing_pkey')).toBe(true)
    expect(isUniqueViolation(error, 'other')).toBe(false)
    await db.destroy()
  })

  test('ends a statement at its deadline', async () => {
    const db = createDatabase({ url: database.url, statementTimeout: 50 })
    await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toMatchObject({ code: '57014' })
    await db.destroy()
  })

  test('says whether the database answers', async () => {
    const db = createDatabase({ url: database.url })
    expect(await ping(db)).toBe(true)
    await db.destroy()
    const gone = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
    expect(await ping(gone)).toBe(false)
    await gone.destroy()
  })
})
