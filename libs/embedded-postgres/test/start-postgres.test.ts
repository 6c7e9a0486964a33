import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../src/index.ts'
import type { PostgresServer } from '../src/index.ts'
import { hold, isRunning, kill, killWatchers, serverPid, until } from './owner-process.ts'

const isRoot = process.getuid?.() === 0
const asRoot = isRoot ? test : test.skip
const nobody = { uid: 65534, gid: 65534 }
const isOpenToNobody = (path: string) =>
  spawnSync('test', ['-x', path], { cwd: '/', ...nobody }).status === 0
// Not so for a checkout in /root.
const asRootInTheOpen =
  isRoot && [process.execPath, import.meta.dirname].every(isOpenToNobody) ? test : test.skip
const stops: (() => Promise<unknown>)[] = []
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'embedded-postgres-'))
  // mkdtemp makes it ours alone, and as root the server runs as someone else.
  await chmod(home, 0o755)
})

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await rm(home, { recursive: true, force: true })
})

async function start(dataDir: string, port = 0): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir, port, durable: false })
  stops.push(() => server.stop())
  return server
}

async function holdIn(dataDir: string) {
  const held = await hold(dataDir)
  stops.push(() => kill(held.child))
  return held
}

async function ask<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}

describe('startPostgres', () => {
  test('serves databases, and keeps them over a restart', async () => {
    const dataDir = join(home, 'data')
    const first = await start(dataDir)
    await first.createDatabase('consent')
    await first.createDatabase('consent')
    await ask(first.url('consent'), "create table note as select 'kept' as text")
    await first.stop()

    const second = await start(dataDir)
    await expect(ask(second.url('consent'), 'select text from note')).resolves.toEqual([
      { text: 'kept' },
    ])
  })

  test('starts in a directory whose path holds spaces', async () => {
    const server = await start(join(home, 'my own data'))
    await expect(ask(server.url('postgres'), 'select 1 as one')).resolves.toEqual([{ one: 1 }])
  })

  test('sorts and folds å, ä and ö in UTF-8 the same on every machine', async () => {
    const server = await start(join(home, 'data'))
    const [row] = await ask(
      server.url('postgres'),
      "select upper('åäö') as folded, current_setting('server_encoding') as encoding",
    )
    expect(row).toEqual({ folded: 'ÅÄÖ', encoding: 'UTF8' })
  })

  test('refuses a wrong password', async () => {
    const server = await start(join(home, 'data'))
    const url = server.url('postgres').replace(/:[^:@]+@/, ':wrong@')
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('listens on loopback and on no socket file', async () => {
    const server = await start(join(home, 'data'))
    const [row] = await ask(
      server.url('postgres'),
      "select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets",
    )
    expect(row).toEqual({ addresses: '127.0.0.1', sockets: '' })
  })

  test('says which port is occupied, with the words of the server', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    stops.push(() => new Promise((resolve) => other.close(resolve)))
    const { port } = other.address() as AddressInfo
    const attempt = start(join(home, 'data'), port)
    await expect(attempt).rejects.toMatchObject({ code: 'port-occupied' })
    await expect(attempt).rejects.toThrow(/Address already in use/)
  })

  test('says that a cluster of another major version cannot be used', async () => {
    const dataDir = join(home, 'data')
    await (await start(dataDir)).stop()
    await writeFile(join(dataDir, 'cluster/PG_VERSION'), '14\n')
    const attempt = start(dataDir)
    await expect(attempt).rejects.toMatchObject({ code: 'wrong-version' })
    await expect(attempt).rejects.toThrow(/made by Postgres 14, and this is Postgres 17/)
  })

  test('gives the reason of the server when its files are damaged', async () => {
    const dataDir = join(home, 'data')
    await (await start(dataDir)).stop()
    await rm(join(dataDir, 'cluster/global/pg_control'))
    await expect(start(dataDir)).rejects.toThrow(/could not find the database system/)
  })

  test('begins afresh where an earlier initdb was killed half way', async () => {
    const dataDir = join(home, 'data')
    await mkdir(join(dataDir, 'cluster.unfinished/base'), { recursive: true })
    await start(dataDir)
    expect(await readdir(dataDir)).not.toContain('cluster.unfinished')
  })

  test('is not misled by a lock file whose process id another program has got', async () => {
    const dataDir = join(home, 'data')
    await (await start(dataDir)).stop()
    const lines = [process.pid, join(dataDir, 'cluster'), 1, 5432, '', '127.0.0.1', '']
    await writeFile(join(dataDir, 'cluster/postmaster.pid'), lines.join('\n'))
    const server = await start(dataDir)
    await expect(ask(server.url('postgres'), 'select 1 as one')).resolves.toEqual([{ one: 1 }])
  })

  test('links the shared libraries once, also when several start at the same time', async () => {
    const servers = await Promise.all(['a', 'b', 'c'].map((name) => start(join(home, name))))
    expect(new Set(servers.map(({ port }) => port)).size).toBe(3)
  })
})

describe('the server and its owner', () => {
  test('the server ends when its owner is killed, and the next start works', async () => {
    const dataDir = join(home, 'data')
    const { child } = await holdIn(dataDir)
    const pid = await serverPid(dataDir)
    expect(await isRunning(pid)).toBe(true)
    await kill(child)
    await until(async () => !(await isRunning(pid)))
    const server = await start(dataDir)
    await expect(ask(server.url('postgres'), 'select 1 as one')).resolves.toEqual([{ one: 1 }])
  })

  test('a start right after the kill waits for the old server instead of joining it', async () => {
    const dataDir = join(home, 'data')
    const { child } = await holdIn(dataDir)
    const pid = await serverPid(dataDir)
    await kill(child)
    await start(dataDir)
    expect(await isRunning(pid)).toBe(false)
    expect(await serverPid(dataDir)).not.toBe(pid)
  })

  test('a server whose owner and watcher were both killed is stopped and replaced', async () => {
    const dataDir = join(home, 'data')
    const { child } = await holdIn(dataDir)
    const pid = await serverPid(dataDir)
    await killWatchers(pid)
    await kill(child)
    expect(await isRunning(pid)).toBe(true)
    const server = await start(dataDir)
    expect(await isRunning(pid)).toBe(false)
    await expect(ask(server.url('postgres'), 'select 1 as one')).resolves.toEqual([{ one: 1 }])
  })

  test('a data directory whose owner lives is refused, and its server left alone', async () => {
    const dataDir = join(home, 'data')
    const { child, said } = await holdIn(dataDir)
    await expect(start(dataDir)).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining(`in use by process ${child.pid ?? ''}`),
    })
    await expect(ask(said['url'] ?? '', 'select 1 as one')).resolves.toEqual([{ one: 1 }])
  })

  test('a second start in the same process is refused', async () => {
    await start(join(home, 'data'))
    await expect(start(join(home, 'data'))).rejects.toMatchObject({ code: 'in-use' })
  })

  test('a stopped server leaves the data directory free while its owner lives on', async () => {
    const server = await start(join(home, 'data'))
    await server.stop()
    await server.stop()
    const { said } = await holdIn(join(home, 'data'))
    expect(said).toHaveProperty('port')
  })
})

describe('as root', () => {
  asRoot('the server runs as another user, who owns the cluster alone', async () => {
    const dataDir = join(home, 'data')
    await start(dataDir)
    const cluster = await stat(join(dataDir, 'cluster'))
    const running = await stat(`/proc/${await serverPid(dataDir)}`)
    expect(running.uid).not.toBe(0)
    expect(cluster.uid).toBe(running.uid)
    expect(cluster.mode & 0o077).toBe(0)
  })

  asRoot('a directory that the other user cannot reach is served from one he can', async () => {
    await chmod(home, 0o700)
    const dataDir = join(home, 'data')
    const first = await start(dataDir)
    const location = await readFile(join(dataDir, 'location'), 'utf8')
    stops.push(() => rm(location, { recursive: true, force: true }))
    await first.createDatabase('kept')
    await first.stop()

    const second = await start(dataDir)
    await expect(ask(second.url('kept'), 'select 1 as one')).resolves.toEqual([{ one: 1 }])
    await second.stop()

    await rm(dataDir, { recursive: true })
    const third = await start(dataDir)
    await expect(ask(third.url('kept'), 'select 1')).rejects.toMatchObject({ code: '3D000' })
  })

  asRootInTheOpen('an ordinary user starts one as himself', async () => {
    const dataDir = join(home, 'open', 'data')
    await mkdir(join(home, 'open'))
    await chmod(join(home, 'open'), 0o777)
    const script = `const { startPostgres } = await import(${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))})
      const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false })
      await server.stop()
      console.log(process.getuid(), 'served')`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=source', '--input-type=module', '-e', script],
      // He may not write into the folder of this run.
      { cwd: '/', ...nobody, env: { ...process.env, MINAINTYG_SCAN_FOLDER: undefined } },
    )
    expect(stdout.trim()).toBe('65534 served')
    expect((await stat(join(dataDir, 'cluster'))).uid).toBe(nobody.uid)
  })
})
