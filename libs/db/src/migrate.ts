import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { ping } from './database.ts'
import { grantToService, readTableRules } from './service-role.ts'

const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/
// Any constant does: it only has to be the same in every process that migrates this database.
const advisoryLock = 7_104_321

async function listMigrations(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  names.forEach((name, index) => {
    const number = fileName.exec(name)?.[1]
    if (Number(number) !== index + 1) throw new Error(`Migration out of order: ${name}`)
  })
  return names
}

async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

const appliedNames = async (client: pg.Client) => {
  const { rows } = await client.query<{ name: string }>('select name from schema_migration')
  return new Set(rows.map((row) => row.name))
}

export interface MigrateOptions {
  /** The role that the service logs in as; it gets what `tables.json` beside the migrations says. */
  serviceRole?: string
}

async function inTransaction(client: pg.Client, run: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await run()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function apply(client: pg.Client, folder: string, name: string): Promise<void> {
  const statements = await readFile(join(folder, name), 'utf8')
  await client.query('insert into schema_migration (name) values ($1)', [name])
  await client.query(statements)
}

/**
 * Applies the numbered `.sql` files of a folder as the owner of the tables, forward only, each in a transaction of its own;
 * grants commit with the last. Several processes may call it at once: one works, the others wait and find nothing to do.
 * @returns names of what was applied
 */
export async function migrate(
  ownerUrl: string,
  folder: string,
  { serviceRole }: MigrateOptions = {},
): Promise<string[]> {
  const names = await listMigrations(folder)
  return withClient(ownerUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [advisoryLock])
    await client.query(
      'create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())',
    )
    const applied = await appliedNames(client)
    const pending = names.filter((name) => !applied.has(name))
    const grant = async () => {
      if (serviceRole === undefined) return
      // A newer version has been here and this one is gone back to: there may be tables that it has never heard of.
      const isOlder = [...applied].some((name) => !names.includes(name))
      await grantToService(client, serviceRole, await readTableRules(folder), { isOlder })
    }
    for (const name of pending) {
      try {
        await inTransaction(client, async () => {
          await apply(client, folder, name)
          if (name === pending.at(-1)) await grant()
        })
      } catch (error) {
        throw new Error(`Migration ${name} failed and was rolled back`, { cause: error })
      }
    }
    if (pending.length === 0) await inTransaction(client, grant)
    return pending
  })
}

/** Names of migrations that the database lacks; for readiness. */
export async function pendingMigrations(url: string, folder: string): Promise<string[]> {
  const names = await listMigrations(folder)
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ exists: boolean }>(
      "select to_regclass('schema_migration') is not null as exists",
    )
    if (rows[0]?.exists !== true) return names
    const applied = await appliedNames(client)
    return names.filter((name) => !applied.has(name))
  })
}

/**
 * Whether a database has every migration that this version of the code needs; asked until it has, as nothing goes back.
 * Further ones, of a newer version, do no harm.
 */
function createMigrationCheck(url: string, folder: string): () => Promise<boolean> {
  let complete = false
  return async () => {
    complete ||= (await pendingMigrations(url, folder)).length === 0
    return complete
  }
}

/** What a service with a database asks before it is ready. */
export const databaseChecks = <Tables>(options: {
  db: Kysely<Tables>
  url: string
  /** Folder of the service's migrations. */
  migrations: string
}) => ({
  database: () => ping(options.db),
  migrations: createMigrationCheck(options.url, options.migrations),
})
