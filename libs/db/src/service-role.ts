import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

/** What a service may do with its tables: `tables.json` beside its migrations. */
export interface TableRules {
  /** Read and insert, nothing else, ever. */
  appendOnly: string[]
  changeable: string[]
}

const quote = pg.escapeIdentifier
const quoteAll = (names: string[]) => names.map(quote).join(', ')

/** Reads `tables.json` of a folder of migrations. */
export async function readTableRules(folder: string): Promise<TableRules> {
  const rules = JSON.parse(await readFile(join(folder, 'tables.json'), 'utf8')) as TableRules
  const both = rules.appendOnly.filter((table) => rules.changeable.includes(table))
  if (both.length > 0) throw new Error(`tables.json names ${both.join(', ')} twice`)
  return rules
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  )
  return rows.map(({ name }) => name)
}

/**
 * Gives a service's role what `tables.json` says and takes everything else from it.
 * A table that is not named there is a fault: nobody may forget to decide. An older version, on the schema of a newer one,
 * gives what it needs itself and takes nothing.
 */
export async function grantToService(
  client: pg.Client,
  role: string,
  rules: TableRules,
  { isOlder = false }: { isOlder?: boolean } = {},
): Promise<void> {
  const tables = await tablesOf(client)
  const named = new Set([...rules.appendOnly, ...rules.changeable, 'schema_migration'])
  const forgotten = tables.filter((table) => !named.has(table))
  if (forgotten.length > 0 && !isOlder) {
    throw new Error(
      `tables.json must name ${forgotten.join(', ')}: under "appendOnly" or under "changeable"`,
    )
  }
  const isThere = (table: string) => tables.includes(table)
  const grants: [string, string[]][] = [
    ['select', ['schema_migration']],
    ['select, insert', rules.appendOnly.filter(isThere)],
    ['select, insert, update, delete', rules.changeable.filter(isThere)],
  ]
  const to = quote(role)
  if (!isOlder) await client.query(`revoke all on all tables in schema public from public, ${to}`)
  await client.query('revoke all on all functions in schema public from public')
  await client.query(`grant usage on schema public to ${to}`)
  await client.query(`grant execute on all functions in schema public to ${to}`)
  for (const [privileges, names] of grants) {
    if (names.length > 0) {
      await client.query(`grant ${privileges} on ${quoteAll(names)} to ${to}`)
    }
  }
}

export interface ServiceRoleOptions {
  role: string
  password: string
  database: string
  /** Schemas of its own, for a library that brings its tables along. */
  mayCreateSchemas?: boolean
}

/**
 * Makes the role that a service logs in as, able to connect to its own database and to no other.
 * For laptops and tests: in operation roles come with the database.
 */
export async function ensureServiceRole(
  adminUrl: string,
  { role, password, database, mayCreateSchemas = false }: ServiceRoleOptions,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
    const verb = rowCount === 0 ? 'create' : 'alter'
    await client.query(
      `${verb} role ${quote(role)} login nosuperuser nocreatedb nocreaterole password ${pg.escapeLiteral(password)}`,
    )
    const privileges = mayCreateSchemas ? 'connect, create' : 'connect'
    await client.query(`revoke all on database ${quote(database)} from public`)
    await client.query(`grant ${privileges} on database ${quote(database)} to ${quote(role)}`)
  } finally {
    await client.end()
  }
}
