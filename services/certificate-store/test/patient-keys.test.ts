import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Kysely } from 'kysely'
import { KeysUnavailableError, createKeyring, createKeyringWrapping } from '@minaintyg/crypto'
import type { KeyWrapping } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { createTestDatabase, expectProblem } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { createKeyRewrapping } from '../src/copies/key-rewrapping.ts'
import { createPatientKeyRepository } from '../src/copies/patient-key-repository.ts'
import type { Database } from '../src/database.ts'
import { masterKey, startSystem } from './system.ts'

const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [old, today] = [keyOf('2025'), keyOf('2026')]
const wrappingOf = (keys: string) => createKeyringWrapping(createKeyring(keys))

describe('wrapping patients’ keys anew', () => {
  let database: TestDatabase
  let db: Kysely<Database>
  beforeEach(async () => {
    database = await createTestDatabase('certificate-store')
    db = createDatabase<Database>({ url: database.url })
  })
  afterEach(async () => {
    await db.destroy()
    await database.drop()
  })

  async function makeKeys(count: number, keys = old) {
    const repository = createPatientKeyRepository(db, wrappingOf(keys))
    const made = new Map<string, Buffer>()
    for (let index = 0; index < count; index += 1) {
      const patientId = randomUUID()
      made.set(patientId, (await repository.ensure(patientId)).dataKey)
    }
    return made
  }
  async function opened(keys: string, patientIds: Iterable<string>) {
    const repository = createPatientKeyRepository(db, wrappingOf(keys))
    const found = new Map<string, Buffer | undefined>()
    for (const id of patientIds) found.set(id, (await repository.find(id))?.dataKey)
    return found
  }
  function rewrapping(wrapping: KeyWrapping) {
    const lines: object[] = []
    const tell = (of: object, text?: string) => void lines.push({ ...of, text })
    return { lines, ...createKeyRewrapping({ db, wrapping, log: { info: tell, error: tell } }) }
  }

  test('leaves every key as it was, and nothing that the earlier master key is needed for', async () => {
    const made = await makeKeys(250)
    const { run, lines } = rewrapping(wrappingOf(`${today},${old}`))
    await run()
    expect(lines).toEqual([
      { rewrapped: 250, unopened: 0, remaining: 0, text: 'patients’ keys wrapped anew' },
    ])
    expect(await opened(today, made.keys())).toEqual(made)
    await run()
    expect(lines).toHaveLength(1)
  })

  test('goes on beside two others, and beside requests with either configuration', async () => {
    const made = await makeKeys(120)
    const both = wrappingOf(`${today},${old}`)
    const runs = await Promise.all([1, 2, 3].map(() => rewrapping(both).rewrap()))
    expect(runs.reduce((sum, { rewrapped }) => sum + rewrapped, 0)).toBe(120)
    expect(await opened(`${old},${today}`, made.keys())).toEqual(made)
  })

  test('does not bring back a key that was destroyed meanwhile', async () => {
    const made = await makeKeys(3)
    const [gone = ''] = made.keys()
    const both = wrappingOf(`${today},${old}`)
    const { rewrap } = rewrapping({
      ...both,
      async wrap(keys) {
        await db.deleteFrom('patient_key').where('patient_id', '=', gone).execute()
        return both.wrap(keys)
      },
    })
    expect(await rewrap()).toEqual({ rewrapped: 2, unopened: 0, remaining: 0 })
    expect((await opened(today, [gone])).get(gone)).toBeUndefined()
  })

  test('says so where no master key opens one, and does the others', async () => {
    const lost = await makeKeys(1, keyOf('2020'))
    const made = await makeKeys(2)
    const { run, lines } = rewrapping(wrappingOf(`${today},${old}`))
    await run()
    const counts = { rewrapped: 2, unopened: 1, remaining: 1 }
    expect(lines).toEqual([
      { ...counts, text: 'patients’ keys that no master key opens' },
      { ...counts, text: 'patients’ keys wrapped anew' },
    ])
    expect(await opened(today, made.keys())).toEqual(made)
    expect(JSON.stringify(lines)).not.toContain([...lost.keys()][0])
  })

  test('by hand: says when the earlier master key may go', async () => {
    await makeKeys(3)
    const command = join(import.meta.dirname, '../src/cli/rewrap-keys.ts')
    const rewrapByHand = (keys: string) =>
      promisify(execFile)(process.execPath, ['--conditions=source', command], {
        env: {
          PATH: process.env['PATH'],
          NODE_NO_WARNINGS: '1',
          DATABASE_URL: database.url,
          MASTER_KEYS: keys,
        },
      }).catch((error: unknown) => error as { code: number; stdout: string })
    expect(await rewrapByHand(today)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('3 of them by none of MASTER_KEYS: remove nothing'),
    })
    const done = await rewrapByHand(`${today},${old}`)
    expect(done).not.toHaveProperty('code')
    expect(done.stdout).toBe(
      '3 keys wrapped anew. Only the first of MASTER_KEYS is in use: the others can be removed.\n',
    )
  })
})

describe('without whoever wraps the keys', () => {
  const refuse = async () => {
    throw new KeysUnavailableError()
  }

  test('everything that is sealed is 503, nothing is stored, and what needs no key goes on', async () => {
    const working = wrappingOf(masterKey)
    const fake = { ...working }
    const system = await startSystem({ deps: { keyWrapping: fake } })
    try {
      const patient = await system.logIn()
      const { items } = await patient.list()
      const newcomer = await system.logIn()
      Object.assign(fake, { wrap: refuse, unwrap: refuse })

      const { id } = items[0]!
      for (const target of [
        '/certificates',
        `/certificates/${id}`,
        `/certificates/${id}/copy?purpose=save`,
        `/certificates/${id}/send-facts`,
      ]) {
        const answer = await patient.get(target)
        expectProblem(answer, 503, 'keys.unavailable')
        expect(answer.headers['retry-after']).toBe('5')
      }
      expectProblem(await newcomer.get('/certificates'), 503, 'keys.unavailable')
      const { rows } = await system.rows.query('select patient_id from patient_key')
      expect(rows).toEqual([{ patient_id: patient.id }])
      expect((await patient.get('/access-log')).statusCode).toBe(200)
      expect((await patient.post('/erasures')).statusCode).toBe(200)

      Object.assign(fake, working)
      expect((await patient.list()).items).toHaveLength(items.length)
    } finally {
      await system.stop()
    }
  })
})
