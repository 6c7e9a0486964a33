import { randomUUID } from 'node:crypto'
import { expectProblem, until } from '@minaintyg/testing'
import { startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())
afterEach(() => {
  for (const source of ['region-norr', 'intygstjansten']) system.tell('ok', { source })
})

const tables = [
  'patient_key',
  'journal_fetch',
  'certificate',
  'certificate_relation',
  'certificate_dispatch',
]
const counting = tables
  .map((table) => `select count(*) from ${table} where patient_id = $1`)
  .join(' union all ')
async function rowsOf(patientId: string): Promise<number> {
  const { rows } = await system.rows.query<{ count: string }>(counting, [patientId])
  return rows.reduce((sum, { count }) => sum + Number(count), 0)
}
const keyOf = 'select key_id from patient_key where patient_id = $1'
const asked = () => system.journals.journals.reduce((sum, journal) => sum + journal.asked.length, 0)

describe('without consent', () => {
  const targets = [
    ['GET', '/certificates'],
    ['GET', `/certificates/${randomUUID()}`],
    ['GET', `/certificates/${randomUUID()}/send-facts`],
    ['PUT', `/certificates/${randomUUID()}/archived`],
    ['DELETE', `/certificates/${randomUUID()}/archived`],
  ] as const

  test.each(targets)(
    '%s %s is 403, no journal is asked and nothing is stored',
    async (method, url) => {
      const patient = await system.logIn(undefined, 'withdrawn')
      const before = asked()
      const answer = await system.service.app.inject({ method, url, headers: patient.headers })
      expectProblem(answer, 403, 'consent.required')
      expect(asked()).toBe(before)
      expect(await rowsOf(patient.id)).toBe(0)
    },
  )

  test.each(targets)('%s %s is 503 where nobody knows', async (method, url) => {
    const patient = await system.logIn()
    system.consents.set(patient.id, 'unknown')
    const answer = await system.service.app.inject({ method, url, headers: patient.headers })
    expectProblem(answer, 503, 'consent.unavailable')
    expect(answer.headers['retry-after']).toBeDefined()
  })
})

describe('withdrawn consent', () => {
  test('the next list is 403, and the erasure leaves nothing but the access log', async () => {
    const patient = await system.logIn()
    const { total } = await patient.list()
    expect(await rowsOf(patient.id)).toBeGreaterThan(total)
    system.consents.set(patient.id, 'withdrawn')
    expectProblem(await patient.get('/certificates'), 403, 'consent.required')
    const first = await patient.post('/erasures')
    expect(first.json()).toEqual({ certificates: total + 1 })
    expect(await rowsOf(patient.id)).toBe(0)
    expect((await patient.post('/erasures')).json()).toEqual({ certificates: 0 })
    const { items } = (await patient.get('/access-log')).json()
    expect(items[0]).toMatchObject({ action: 'erase', actor: { kind: 'patient' } })
  })

  test('the event erases as well, once however often it comes', async () => {
    const patient = await system.logIn()
    const other = await system.logIn()
    await patient.list()
    await other.list()
    const id = randomUUID()
    const data = { patientId: patient.id, withdrawalId: randomUUID(), at: new Date().toISOString() }
    await system.deliver('consent.withdrawn.v1', data, id)
    expect(await rowsOf(patient.id)).toBe(0)
    expect(await rowsOf(other.id)).toBeGreaterThan(0)
    await patient.list()
    await system.deliver('consent.withdrawn.v1', data, id)
    expect(await rowsOf(patient.id)).toBeGreaterThan(0)
  })

  test('an event that breaks its contract is poison', async () => {
    await expect(system.deliver('consent.withdrawn.v1', { patientId: 'x' })).rejects.toThrow(
      'contract',
    )
  })

  test('while the journals are being asked, nothing of their answers is stored', async () => {
    const patient = await system.logIn()
    for (const source of ['region-norr', 'intygstjansten'])
      system.tell('ok', { source, delay: 700 })
    const before = asked()
    const list = patient.get('/certificates')
    await until(() => asked() === before + 4)
    system.consents.set(patient.id, 'withdrawn')
    expect((await patient.post('/erasures')).json()).toEqual({ certificates: 0 })
    expectProblem(await list, 403, 'consent.required')
    expect(await rowsOf(patient.id)).toBe(0)
  })

  test('given anew while an old question is out, the old answer is not stored and the new list stands', async () => {
    const patient = await system.logIn()
    for (const source of ['region-norr', 'intygstjansten'])
      system.tell('ok', { source, delay: 700 })
    const before = asked()
    const old = patient.get('/certificates')
    await until(() => asked() === before + 4)
    const { rows: first } = await system.rows.query(keyOf, [patient.id])
    await patient.post('/erasures')
    const anew = patient.get('/certificates')
    const lists = await Promise.all([old, anew])
    expect(lists.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    expect(lists[1].json<{ total: number }>().total).toBe(13)
    const { rows: second } = await system.rows.query(keyOf, [patient.id])
    expect(second[0].key_id).not.toBe(first[0].key_id)
  })

  test('POST /erasures is for patients alone', async () => {
    expectProblem(
      await system.service.app.inject({ method: 'POST', url: '/erasures' }),
      401,
      'token.invalid',
    )
  })
})
