import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import {
  createDatabase,
  ensureServiceRole,
  isUniqueViolation,
  migrate,
  pendingMigrations,
  ping,
} from '@minaintyg/db'
import type { TableRules } from '@minaintyg/db'
import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../src/main.ts')

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

describe('rights of the service’s role', () => {
  const role = `thing_${randomBytes(4).toString('hex')}`
  const declare = (rules: TableRules) =>
    writeFile(join(folder, 'tables.json'), JSON.stringify(rules))
  const asService = () => {
    const url = new URL(database.url)
    url.username = role
    url.password = 'secret'
    return createDatabase<{ thing: { id: number } }>({ url: url.toString(), poolSize: 1 })
  }
  beforeEach(() =>
    ensureServiceRole(database.url, { role, password: 'secret', database: database.name }),
  )
  afterEach(async () => {
    const owner = createDatabase({ url: database.url, poolSize: 1 })
    await sql`drop owned by ${sql.id(role)}`.execute(owner)
    await sql`drop role ${sql.id(role)}`.execute(owner)
    await owner.destroy()
  })

  test('a table that nobody has decided about stops the migration and is rolled back', async () => {
    await declare({ appendOnly: [], changeable: ['other'] })
    const failure = await migrate(database.url, folder, { serviceRole: role }).catch(
      (error: unknown) => error,
    )
    expect(String((failure as Error).cause)).toContain('tables.json must name thing')
    expect(await pendingMigrations(database.url, folder)).toEqual(['0001_create_thing.sql'])
  })

  test('a table that stands in both lists is refused', async () => {
    await declare({ appendOnly: ['thing'], changeable: ['thing'] })
    const failure = await migrate(database.url, folder, { serviceRole: role }).catch(
      (error: unknown) => error,
    )
    expect(String((failure as Error).cause)).toContain('thing twice')
  })

  test('follow tables.json, also where there is nothing to migrate', async () => {
    await declare({ appendOnly: [], changeable: ['thing'] })
    await migrate(database.url, folder, { serviceRole: role })
    const db = asService()
    await db.insertInto('thing').values({ id: 1 }).execute()
    await db.updateTable('thing').set({ id: 2 }).execute()
    await declare({ appendOnly: ['thing'], changeable: [] })
    await migrate(database.url, folder, { serviceRole: role })
    await db.insertInto('thing').values({ id: 3 }).execute()
    await expect(db.updateTable('thing').set({ id: 4 }).execute()).rejects.toThrow('denied')
    expect(await db.selectFrom('thing').selectAll().execute()).toEqual([{ id: 2 }, { id: 3 }])
    await db.destroy()
  })

  test('stay when an older version is gone back to, whose tables.json does not know the newer tables', async () => {
    await declare({ appendOnly: [], changeable: ['thing'] })
    await migrate(database.url, folder, { serviceRole: role })
    const second = join(folder, '0002_create_other.sql')
    await writeFile(second, 'create table other (id int primary key);')
    await declare({ appendOnly: ['other'], changeable: ['thing'] })
    await migrate(database.url, folder, { serviceRole: role })

    await rm(second)
    await declare({ appendOnly: [], changeable: ['thing'] })
    expect(await migrate(database.url, folder, { serviceRole: role })).toEqual([])
    const db = asService()
    await db.insertInto('thing').values({ id: 1 }).execute()
    await sql`insert into other values (1)`.execute(db)
    await db.destroy()
  })

  test('come with the job that migrates', async () => {
    await declare({ appendOnly: ['thing'], changeable: [] })
    const job = (env: Record<string, string>) =>
      run(process.execPath, ['--conditions=source', main, folder], {
        env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
      })
    const variables = { OWNER_DATABASE_URL: database.url, SERVICE_ROLE: role }
    expect(await job(variables)).toMatchObject({ stdout: '0001_create_thing.sql\n' })
    expect(await job(variables)).toMatchObject({ stdout: 'nothing to do\n' })
    const db = asService()
    await db.insertInto('thing').values({ id: 1 }).execute()
    await expect(db.deleteFrom('thing').execute()).rejects.toThrow('denied')
    await db.destroy()
    await expect(job({})).rejects.toThrow('OWNER_DATABASE_URL is missing')
  })

  test('a role is made once, and its password follows', async () => {
    const options = { role, database: database.name, password: 'another' }
    await ensureServiceRole(database.url, options)
    const db = asService()
    expect(await ping(db)).toBe(false)
    await db.destroy()
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
