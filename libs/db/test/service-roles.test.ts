import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readTableRules } from '@minaintyg/db'
import type { TableRules } from '@minaintyg/db'
import { createTestDatabase } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'

const services = join(import.meta.dirname, '../../../services')
const withTables = readdirSync(services).filter((service) => {
  const isThere = (path: string) => readdirSync(join(services, service)).includes(path)
  return isThere('migrations')
})

const privileges = 'SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER'.split(' ')
const denied = /permission denied|must be owner/

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

/** What the role that asks may do with every table that there is. */
async function rightsOf(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; rights: string[] }>(
    `select relname as name,
       array(select p from unnest($1::text[]) p where has_table_privilege(c.oid, p)) as rights
     from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`,
    [privileges],
  )
  return new Map(rows.map(({ name, rights }) => [name, rights.join(' ')]))
}

describe.each(withTables)('the role of %s', (service) => {
  const folder = join(services, service, 'migrations')
  let database: TestDatabase
  let asService: pg.Client
  let rules: TableRules
  beforeAll(async () => {
    database = await createTestDatabase(service)
    asService = await connect(database.url)
    rules = await readTableRules(folder)
  })
  afterAll(async () => {
    await asService.end()
    await database.drop()
  })

  test('has exactly the rights that tables.json gives it, on every table that there is', async () => {
    const expected = new Map([
      ['schema_migration', 'SELECT'],
      ...rules.appendOnly.map((table) => [table, 'SELECT INSERT'] as const),
      ...rules.changeable.map((table) => [table, 'SELECT INSERT UPDATE DELETE'] as const),
    ])
    const sorted = (map: Map<string, string>) => Object.fromEntries([...map].sort())
    expect(sorted(await rightsOf(asService))).toEqual(sorted(expected))
  })

  test('can neither change, delete nor empty what is append-only', async () => {
    for (const table of rules.appendOnly) {
      const { rows } = await asService.query<{ name: string }>(
        `select attname as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and attidentity <> 'a' limit 1`,
        [table],
      )
      const column = pg.escapeIdentifier(rows[0]!.name)
      for (const statement of [
        `update ${table} set ${column} = ${column}`,
        `delete from ${table}`,
        `truncate ${table}`,
        `truncate ${table} cascade`,
        `alter table ${table} disable trigger all`,
        `select * from ${table} for update`,
        `drop table ${table}`,
      ]) {
        await expect(asService.query(statement)).rejects.toThrow(denied)
      }
    }
  })

  test('is no superuser, owns nothing and can define nothing', async () => {
    const { rows } = await asService.query(
      `select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
         (select count(*)::int from pg_class where relowner = r.oid) as owned,
         (select count(*)::int from pg_auth_members where member = r.oid) as memberships
       from pg_roles r where rolname = current_user`,
    )
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolbypassrls: false,
        owned: 0,
        memberships: 0,
      },
    ])
    for (const statement of [
      'create table mine (id int)',
      'create temporary table mine (id int)',
      'create schema mine',
      "create function mine() returns int language sql as 'select 1'",
    ]) {
      await expect(asService.query(statement)).rejects.toThrow(denied)
    }
  })

  test('gets at no other service’s database', async () => {
    const other = await createTestDatabase(service === 'consent' ? 'identity' : 'consent')
    const elsewhere = new URL(database.url)
    elsewhere.pathname = `/${other.name}`
    await expect(connect(elsewhere.toString())).rejects.toThrow(denied)
    await other.drop()
  })

  test('is as good as the owner at what a service waits for', async () => {
    await asService.query('listen somewhere')
    await asService.query("select pg_notify('somewhere', ''), pg_try_advisory_lock(1)")
    await asService.query('unlisten *')
  })
})

test('an append-only table says so to its owner too', async () => {
  for (const service of withTables) {
    const database = await createTestDatabase(service)
    const owner = await connect(database.ownerUrl)
    for (const table of (await readTableRules(join(services, service, 'migrations'))).appendOnly) {
      await expect(owner.query(`truncate ${table} cascade`)).rejects.toThrow('append-only')
    }
    await owner.end()
    await database.drop()
  }
})
