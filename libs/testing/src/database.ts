import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '@minaintyg/db'

export interface TestDatabase {
  readonly url: string
  readonly name: string
  /** With connections that are still open. */
  drop(): Promise<void>
}

const servicesFolder = join(import.meta.dirname, '../../../services')

function adminUrl(): string {
  const url = process.env['MINAINTYG_TEST_DATABASE_URL']
  if (url === undefined) throw new Error('The global setup has not started Postgres')
  return url
}

function urlOf(database: string): string {
  const url = new URL(adminUrl())
  url.pathname = `/${database}`
  return url.toString()
}

async function asAdmin<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl() })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

/** Makes the migrated template of a service once in a run; other files wait and then clone it. */
async function ensureTemplate(client: pg.Client, service: string): Promise<string> {
  const template = `template_${service.replaceAll('-', '_')}`
  await client.query('select pg_advisory_lock(hashtext($1))', [template])
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      template,
    ])
    if (rowCount === 0) {
      const draft = `${template}_draft_${randomBytes(4).toString('hex')}`
      await client.query(`create database ${draft}`)
      await migrate(urlOf(draft), join(servicesFolder, service, 'migrations'))
      await client.query(`alter database ${draft} rename to ${template}`)
    }
    return template
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template])
  }
}

/**
 * A database of its own for a test file, on the run's Postgres.
 * @param service whose migrations it holds; an empty database where left out
 */
export async function createTestDatabase(service?: string): Promise<TestDatabase> {
  const name = `test_${(service ?? 'empty').replaceAll('-', '_')}_${randomBytes(6).toString('hex')}`
  await asAdmin(async (client) => {
    const template = service === undefined ? 'template1' : await ensureTemplate(client, service)
    await client.query(`create database ${name} template ${template}`)
  })
  return {
    url: urlOf(name),
    name,
    drop: () =>
      asAdmin(async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
      }),
  }
}
