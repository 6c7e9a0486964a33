import { jest } from '@jest/globals'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { until } from '@minaintyg/testing'
import { addressesFrom, checkPorts } from '../src/addresses.ts'
import type { Settings } from '../src/settings.ts'
import { startSystemProcess } from '../src/system-process.ts'
import type { SystemProcess } from '../src/system-process.ts'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { walkPatientsWay } from '../src/walk/walk.ts'
import type { WalkStep } from '../src/walk/walk.ts'

jest.setTimeout(120_000)

const [person = testPersons[0]!] = testPersons
let settings: Settings
let system: SystemProcess

async function findPortBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 600) * 20
    const isFree = await checkPorts(addressesFrom(base), 0).then(
      () => true,
      () => false,
    )
    if (isFree) return base
  }
}

/** The database of a service, by what the running Postgres and its password file say. */
async function query(database: string, statement: string): Promise<Record<string, unknown>[]> {
  const folder = join(settings.stateDir, 'postgres')
  const port = (await readFile(join(folder, 'cluster/postmaster.pid'), 'utf8')).split('\n')[3] ?? ''
  const password = await readFile(join(folder, 'password'), 'utf8')
  const client = new pg.Client(`postgres://minaintyg:${password}@127.0.0.1:${port}/${database}`)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

async function walk(): Promise<WalkStep[]> {
  const { gateway, web } = addressesFrom(settings.portBase)
  const steps: WalkStep[] = []
  await walkPatientsWay({
    gatewayUrl: gateway.url,
    webUrl: web.url,
    person: person.number,
    recipientId: 'FKASSA',
    folder: settings.stateDir,
    onStep: (step) => steps.push(step),
  })
  return steps
}

async function patient() {
  const { gateway, web } = addressesFrom(settings.portBase)
  const browser = createBrowser()
  const api = createPatientApi(browser, gateway.url, web.url)
  await logIn({ browser, api, web: web.url, person: person.number })
  return api
}

beforeAll(async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'whole-way-'))
  // As root Postgres runs as another user, who must get through.
  await chmod(stateDir, 0o755)
  const portBase = await findPortBase()
  settings = { portBase, stateDir, amqpUrl: undefined, logLevel: 'info', once: true }
  system = await startSystemProcess(settings)
})

afterAll(async () => {
  await system.stop()
  await rm(settings.stateDir, { recursive: true, force: true })
})

describe('the whole way', () => {
  test('holds from log-in to the recipient’s acceptance', async () => {
    const steps = await walk()
    expect(steps.map(({ name }) => name)).toEqual([
      'log-in',
      'consent',
      'list',
      'read',
      'PDF',
      'send',
      'delivered',
      'received',
      'accepted',
    ])
  })

  test('can be walked with curl and a cookie jar', async () => {
    const script = join(import.meta.dirname, '../walk-with-curl.sh')
    const { stdout } = await promisify(execFile)('bash', [script], {
      env: { ...process.env, MINAINTYG_PORT_BASE: String(settings.portBase) },
    })
    expect(stdout).toContain('"code":"consent.required"')
    expect(stdout).toMatch(/accepted\n[^]*"erased":\{"certificates":[1-9][^]*\n403\n/)
  })

  test('ends at withdrawn consent: the next list is refused and the copies are gone', async () => {
    const api = await patient()
    const before = await query(
      'certificate_store',
      'select count(*)::int as count from certificate',
    )
    expect(before).not.toEqual([{ count: 0 }])

    const withdrawn = await api.send('DELETE', '/consent')
    expect(withdrawn.status).toBe(200)
    const next = await api.get('/certificates')
    expect(next.status).toBe(403)
    expect(JSON.parse(next.text)).toMatchObject({ code: 'consent.required' })

    await until(async () => {
      const [row] = await query(
        'certificate_store',
        'select (select count(*) from certificate)::int + (select count(*) from patient_key)::int as count',
      )
      return row?.['count'] === 0
    })
  })

  test('goes on after everything was killed at once', async () => {
    process.kill(system.pid, 'SIGKILL')
    await system.ended
    system = await startSystemProcess(settings)
    await expect(walk()).resolves.toHaveLength(9)
  })

  test('leaves no personal number, name or cookie in any log', async () => {
    const files = (await readdir(system.logFolder)).filter((name) => name.endsWith('.log'))
    expect(files.length).toBeGreaterThan(6)
    const text = (
      await Promise.all(files.map((name) => readFile(join(system.logFolder, name), 'utf8')))
    ).join('\n')
    expect(text).toContain('"msg":"request"')
    const { number, name } = person
    const forms = [number, number.slice(2), `${number.slice(0, 8)}-${number.slice(8)}`]
    for (const trace of [...forms, name?.family ?? '', 'set-cookie', 'Bearer ey']) {
      expect(text.includes(trace)).toBe(false)
    }
  })

  test('is refused to a second copy in the same place', async () => {
    await expect(startSystemProcess(settings)).rejects.toThrow(/Another copy is running/)
  })
})
