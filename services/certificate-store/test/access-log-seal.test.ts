import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { headText, parseHead } from '../src/access-log/access-seal.ts'
import { createRetention } from '../src/retention.ts'
import { createLogUnderTest, firstKey, keyOf, silent } from './log-under-test.ts'
import type { LogUnderTest } from './log-under-test.ts'

let log: LogUnderTest
beforeEach(async () => {
  log = await createLogUnderTest()
})
afterEach(() => log.drop())

test('a log that nobody has touched is whole, and says where it ends', async () => {
  expect(await log.verify()).toMatchObject({ sealed: 0, waiting: 0, found: [], head: undefined })
  await log.tenSealed()
  await log.write(3)
  expect(await log.verify()).toMatchObject({ sealed: 10, waiting: 3, found: [] })
  await log.seal()
  expect(await log.verify()).toMatchObject({ sealed: 13, waiting: 0, found: [] })
})

test('more than a page and a batch of entries are sealed in one go', async () => {
  await log.owner.query(
    `insert into access_log (at, patient_id, action, outcome, actor_kind, actor_id, client_id)
     select now(), $1, 'list', 'allowed', 'system', 's', 's' from generate_series(1, 2500)`,
    [log.patientId],
  )
  await log.seal()
  expect(await log.verify()).toMatchObject({ sealed: 2500, waiting: 0, found: [] })
})

test('an entry that is committed after later ones is sealed as well', async () => {
  const slow = new pg.Client({ connectionString: log.database.url })
  await slow.connect()
  await slow.query('begin')
  await slow.query(
    `insert into access_log (at, patient_id, action, outcome, actor_kind, actor_id, client_id)
     values (now(), $1, 'list', 'allowed', 'system', 's', 's')`,
    [log.patientId],
  )
  await log.write(3)
  await log.seal()
  expect(await log.verify()).toMatchObject({ sealed: 3 })
  await slow.query('commit')
  await slow.end()
  await log.seal()
  expect(await log.verify()).toMatchObject({ sealed: 4, waiting: 0, found: [] })
})

test('sealers at the same time and writers beside them make one chain', async () => {
  const sealers = Array.from({ length: 4 }, async () => {
    for (let round = 0; round < 10; round += 1) await log.seal()
  })
  await Promise.all([...sealers, ...Array.from({ length: 5 }, () => log.write(20))])
  await log.seal()
  expect(await log.verify()).toMatchObject({ sealed: 100, waiting: 0, found: [] })
})

test('each sealing logs the head that an outside copy of the log then knows', async () => {
  const lines: { head?: string; entries?: number }[] = []
  await log.write(2)
  await log.seal(firstKey, (line) => void lines.push(line))
  await log.seal(firstKey, (line) => void lines.push(line))
  const { head } = await log.verify()
  expect(lines).toEqual([{ entries: 2, head: headText(head!) }])
  expect(parseHead(lines[0]!.head!)).toEqual(head)
})

describe('the key', () => {
  const secondKey = keyOf('k2')

  test('changes without a break: what the earlier one sealed is checked with it', async () => {
    await log.tenSealed()
    await log.write(2)
    await log.seal(`${secondKey},${firstKey}`)
    expect(await log.verify(undefined, `${secondKey},${firstKey}`)).toMatchObject({
      sealed: 12,
      found: [],
    })
  })

  test('is missed by name where it was taken away too early', async () => {
    await log.write(2)
    await log.seal()
    await log.write(1)
    await log.seal(`${secondKey},${firstKey}`)
    expect((await log.verify(undefined, secondKey)).found).toEqual(['key 1', 'key 2'])
  })
})

describe('what is due', () => {
  const day = 24 * 60 * 60_000
  const sixYearsAgo = () => new Date(Date.now() - 6 * 365 * day)
  const retention = () => createRetention({ db: log.db, now: () => new Date(), log: silent }).run()
  const count = async () =>
    (await log.owner.query('select count(*)::int from access_log')).rows[0].count as number

  test('goes by the service’s own hand, and the log is whole without it', async () => {
    await log.write(8, sixYearsAgo)
    await log.write(5)
    await log.seal()
    await retention()
    // The last one that was due stays, as the proof that the others were.
    expect(await count()).toBe(6)
    expect(await log.verify()).toMatchObject({ sealed: 6, found: [] })
    await retention()
    expect(await count()).toBe(6)
  })

  test('is nothing that is younger than five years, whoever asks', async () => {
    await log.write(1, () => new Date(Date.now() - 5 * 365 * day + 5 * day))
    await log.seal()
    await retention()
    expect(await count()).toBe(1)
    await expect(log.owner.query('delete from access_log')).rejects.toThrow('append-only')
    await expect(log.owner.query('delete from access_log_seal')).rejects.toThrow('append-only')
    await expect(log.db.deleteFrom('access_log').execute()).rejects.toThrow('permission denied')
    await expect(log.db.deleteFrom('access_log_seal').execute()).rejects.toThrow(
      'permission denied',
    )
  })

  test('of events is what left or was handled thirty days ago', async () => {
    const days = (count: number) => new Date(Date.now() - count * day)
    for (const at of [days(31), days(29)]) {
      await log.owner.query(
        `insert into outbox (id, type, exchange, routing_key, body, occurred_at, published_at)
         values (gen_random_uuid(), 't', 'e', 'r', '', $1, $1)`,
        [at],
      )
      await log.owner.query(
        "insert into inbox (event_id, handler, handled_at) values (gen_random_uuid(), 'h', $1)",
        [at],
      )
    }
    await retention()
    for (const table of ['outbox', 'inbox']) {
      const { rows } = await log.owner.query(`select count(*)::int from ${table}`)
      expect(rows).toEqual([{ count: 1 }])
    }
  })

  test('waits for its seal', async () => {
    await log.write(3, sixYearsAgo)
    await retention()
    expect(await count()).toBe(3)
  })
})

describe('the command', () => {
  const run = promisify(execFile)
  const command = join(import.meta.dirname, '../src/cli/verify-access-log.ts')
  const verifyByCommand = (...args: string[]) =>
    run(process.execPath, ['--conditions=source', command, ...args], {
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        DATABASE_URL: log.database.url,
        ACCESS_LOG_KEYS: firstKey,
      },
    }).catch((error: unknown) => error as { code: number; stdout: string; stderr: string })

  test('says that the log is whole, or where it is not, in its exit code too', async () => {
    await log.tenSealed()
    const whole = await verifyByCommand()
    expect(whole).not.toHaveProperty('code')
    const [, head = ''] = /^whole: 10 sealed, 0 waiting, head (\S+)\n$/.exec(whole.stdout) ?? []
    expect(await verifyByCommand('--head', head)).not.toHaveProperty('code')
    await log.tamper("update access_log set action = 'read' where position = 4")
    expect(await verifyByCommand()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^position 4: does not match its seal[^]*\n1 faults: 10 sealed/,
      ),
    })
    expect(await verifyByCommand('--head', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage'),
    })
  })
})
