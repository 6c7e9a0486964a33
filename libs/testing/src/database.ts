import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { ensureServiceRole, migrate } from '@minaintyg/db'
import { scanDatabase } from './scan/database-scan.ts'

export interface TestDatabase {
  /** As the service logs in: it owns nothing, and append-only tables are that for it. */
  readonly url: string
  /** As migrations run: for tests that change tables or what nobody may change. */
  readonly ownerUrl: string
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

/** Every role has the password of the run. */
function urlOf(database: string, role?: string): string {
  const url = new URL(adminUrl())
  url.pathname = `/${database}`
  if (role !== undefined) url.username = role
  return url.toString()
}

const rolesOf = (service: string) => {
  const name = service.replaceAll('-', '_')
  return { owner: `${name}_owner`, service: `${name}_service` }
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

async function letIn(database: string, roles: string[]): Promise<void> {
  const { password } = new URL(adminUrl())
  for (const role of roles) await ensureServiceRole(adminUrl(), { role, password, database })
}

async function createTemplate(client: pg.Client, service: string, template: string): Promise<void> {
  const roles = rolesOf(service)
  const draft = `${template}_draft_${randomBytes(4).toString('hex')}`
  await client.query(`create database ${draft}`)
  await letIn(draft, [roles.owner, roles.service])
  await client.query(`alter database ${draft} owner to ${roles.owner}`)
  await migrate(urlOf(draft, roles.owner), join(servicesFolder, service, 'migrations'), {
    serviceRole: roles.service,
  })
  await client.query(`alter database ${draft} rename to ${template}`)
}

/** Makes the migrated template of a service once in a run; other files wait and then clone it. */
async function ensureTemplate(client: pg.Client, service: string): Promise<string> {
  const template = `template_${service.replaceAll('-', '_')}`
  await client.query('select pg_advisory_lock(hashtext($1))', [template])
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      template,
    ])
    if (rowCount === 0) await createTemplate(client, service, template)
    return template
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template])
  }
}

async function cloneTemplate(client: pg.Client, service: string, name: string): Promise<void> {
  const template = await ensureTemplate(client, service)
  const roles = rolesOf(service)
  await client.query(`create database ${name} template ${template} owner ${roles.owner}`)
  await client.query(`revoke all on database ${name} from public`)
  await client.query(`grant connect on database ${name} to ${roles.service}`)
}

/**
 * A database of its own for a test file, on the run's Postgres.
 * @param service whose migrations it holds; an empty database, with the superuser for all, where left out
 */
export async function createTestDatabase(service?: string): Promise<TestDatabase> {
  const name = `test_${(service ?? 'empty').replaceAll('-', '_')}_${randomBytes(6).toString('hex')}`
  await asAdmin(async (client) => {
    if (service === undefined) await client.query(`create database ${name}`)
    else await cloneTemplate(client, service, name)
  })
  const roles = service === undefined ? undefined : rolesOf(service)
  return {
    url: urlOf(name, roles?.service),
    ownerUrl: urlOf(name, roles?.owner),
    name,
    drop: async () => {
      await scanDatabase(urlOf(name))
      await asAdmin(async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
      })
    },
  }
}
