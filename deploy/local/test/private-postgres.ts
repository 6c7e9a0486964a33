import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { freePort, until } from '@minaintyg/testing'

/** Folder of a Postgres with pg_dump: the binaries that come with npm have none, and its version must be the server's. */
function findBinaries(): string | undefined {
  try {
    const folder = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim()
    if (existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_dump'))) return folder
  } catch {
    // Not on the path; Debian keeps it elsewhere.
  }
  const link = ['17', '16', '15'].map((major) => `/usr/lib/postgresql/${major}/bin`)
  return link.find((folder) => existsSync(join(folder, 'initdb')))
}
export const postgresBinaries = findBinaries()

/** As root, the server runs as nobody. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** A cluster of its own, of the Postgres whose tools are installed. */
export async function startPrivatePostgres() {
  if (postgresBinaries === undefined) throw new Error('There is no Postgres with pg_dump here')
  const binary = (name: string) => join(postgresBinaries, name)
  const folder = await mkdtemp(join(tmpdir(), 'private-postgres-'))
  const user = serverUser()
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(binary('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
    env: { LC_ALL: 'C.UTF-8', PATH: dirname(binary('initdb')) },
  })
  const port = await freePort()
  const server = spawn(
    binary('postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'],
    { ...user, cwd: folder, stdio: 'ignore', env: { LC_ALL: 'C.UTF-8' } },
  )
  const ended = once(server, 'exit')
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  async function query(database: string, statement: string) {
    const client = new pg.Client(url(database))
    client.on('error', () => undefined)
    try {
      await client.connect()
      return (await client.query<Record<string, unknown>>(statement)).rows
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  await until(
    () =>
      query('postgres', 'select 1').then(
        () => true,
        () => false,
      ),
    { timeout: 60_000, interval: 100 },
  )
  return {
    url,
    query,
    async createDatabase(name: string): Promise<void> {
      const rows = await query('postgres', `select from pg_database where datname = '${name}'`)
      if (rows.length === 0) await query('postgres', `create database ${name}`)
    },
    async stop(): Promise<void> {
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
