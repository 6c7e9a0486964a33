import { jest } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '@minaintyg/testing'
import { startSystemProcess } from '../src/system-process.ts'
import { testPersons } from '../src/test-persons.ts'
import { walkPatientsWay } from '../src/walk/walk.ts'
import type { WalkStep } from '../src/walk/walk.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(120_000)

const [person = testPersons[0]!] = testPersons
let system: RunningSystem

async function walk(): Promise<WalkStep[]> {
  const steps: WalkStep[] = []
  await walkPatientsWay({
    gatewayUrl: system.addresses.gateway.url,
    webUrl: system.addresses.web.url,
    person: person.number,
    recipientId: 'FKASSA',
    folder: system.settings.stateDir,
    onStep: (step) => steps.push(step),
  })
  return steps
}

beforeAll(async () => {
  system = await startRunningSystem()
})
afterAll(() => system.stop())

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
      env: { ...process.env, MINAINTYG_PORT_BASE: String(system.settings.portBase) },
    })
    expect(stdout).toContain('"code":"consent.required"')
    expect(stdout).toMatch(/accepted\n[^]*"erased":\{"certificates":[1-9][^]*\n403\n/)
  })

  test('ends at withdrawn consent: the next list is refused and the copies are gone', async () => {
    const api = await system.patient(person.number)
    const before = await system.query(
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
      const [row] = await system.query(
        'certificate_store',
        'select (select count(*) from certificate)::int + (select count(*) from patient_key)::int as count',
      )
      return row?.['count'] === 0
    })
    // Rendering's part is done when the longest rendering is over: it says so ahead.
    await until(async () => {
      const { erasure } = JSON.parse((await api.get('/consent')).text)
      return erasure.finishedAt !== null
    })
  })

  test('has no service that owns its tables', async () => {
    const roles = await system.query(
      'postgres',
      `select distinct datname, usename from pg_stat_activity
       where datname <> 'forsakringskassan' and pid <> pg_backend_pid() order by datname`,
    )
    expect(roles).toEqual(
      ['certificate_store', 'consent', 'dispatch', 'events', 'identity'].map((name) => ({
        datname: name,
        usename: `${name}_service`,
      })),
    )
  })

  test('leaves an access log that is whole, and that a changed entry does not pass', async () => {
    const command = join(import.meta.dirname, '../src/verify-access-log.ts')
    const verify = () =>
      promisify(execFile)(process.execPath, ['--conditions=source', command], {
        env: {
          ...process.env,
          NODE_NO_WARNINGS: '1',
          MINAINTYG_STATE_DIR: system.settings.stateDir,
        },
      }).catch((error: unknown) => error as { code: number; stdout: string })
    let { stdout } = await verify()
    await until(async () => {
      if (!stdout.includes(' 0 waiting')) ({ stdout } = await verify())
      return stdout.includes(' 0 waiting')
    })
    expect(stdout).toMatch(/^whole: \d+ sealed, 0 waiting, head \d+:[0-9a-f]{64}\n$/)
    const log = await readFile(join(system.logFolder, 'certificate-store.log'), 'utf8')
    expect(log).toContain(/head (\S+)/.exec(stdout)?.[1])
    const change = (from: string, to: string) =>
      system.query(
        'certificate_store',
        `alter table access_log disable trigger user;
         update access_log set action = '${to}' where action = '${from}';
         alter table access_log enable trigger user`,
      )
    await change('erase', 'erased')
    expect(await verify()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^position \d+: does not match its seal/) as string,
    })
    await change('erased', 'erase')
  })

  test('goes on after everything was killed at once', async () => {
    await system.killAndStartAgain()
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
    await expect(startSystemProcess(system.settings)).rejects.toThrow(/Another copy is running/)
  })
})
