import { open } from '@minaintyg/crypto'
import { until } from '@minaintyg/testing'
import { numbers, openMasterKeys, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem({ deadline: 600 })
})
afterAll(() => system.stop())
afterEach(() => {
  for (const source of ['region-norr', 'intygstjansten']) system.tell('ok', { source })
})

const statesOf = ({ sources }: { sources: { id: string; state: string }[] }) =>
  Object.fromEntries(sources.map(({ id, state }) => [id, state]))
const storedOf = async (patientId: string) =>
  (await system.rows.query('select * from certificate where patient_id = $1', [patientId])).rows

describe('a journal that fails', () => {
  test.each([
    ['down', 0, { kind: 'network', code: 'UND_ERR_SOCKET' }],
    ['faulty', 0, { kind: 'fault', code: 'VP009' }],
    ['error-result', 0, { kind: 'result-error', code: 'APPLICATION_ERROR' }],
    ['info', 0, { kind: 'result-error', code: 'NOCONSENT' }],
    ['truncated', 0, { kind: 'unreadable', code: 'not-well-formed' }],
    ['too-large', 0, { kind: 'unreadable', code: 'too-large' }],
    ['not-xml', 0, { kind: 'unreadable' }],
    ['slow', 5_000, { kind: 'timeout' }],
  ] as const)('%s makes the list partial and says so', async (mode, delay, reason) => {
    const own = await startSystem({ deadline: 1_500 })
    const patient = await own.logIn()
    own.tell(mode, { source: 'intygstjansten', delay })
    const list = await patient.list()
    expect(statesOf(list)).toEqual({ 'region-norr': 'ok', intygstjansten: 'unavailable' })
    expect(list.total).toBeGreaterThan(0)
    expect(list.sources.find(({ id }) => id === 'intygstjansten')!.fetchedAt).toBeNull()
    expect(own.log.entries()).toContainEqual(
      expect.objectContaining({ level: 'warn', source: 'intygstjansten', ...reason }),
    )
    own.tell('ok', { source: 'intygstjansten' })
    expect(statesOf(await patient.list())).toEqual({ 'region-norr': 'ok', intygstjansten: 'ok' })
    await own.stop()
  })

  test('one that keeps failing is not asked for a while, and nobody waits for it', async () => {
    const own = await startSystem()
    own.tell('faulty')
    for (let failures = 0; failures < 5; failures += 1) await (await own.logIn(numbers.none)).list()
    const asked = own.journals.journals[0]!.asked.length
    await (await own.logIn(numbers.none)).list()
    expect(own.journals.journals[0]!.asked).toHaveLength(asked)
    await own.stop()
  })

  test('both down is an empty list that says so, and no error', async () => {
    for (const source of ['region-norr', 'intygstjansten']) system.tell('down', { source })
    const patient = await system.logIn()
    const answer = await patient.get('/certificates')
    expect(answer.statusCode).toBe(200)
    expect(statesOf(answer.json())).toEqual({
      'region-norr': 'unavailable',
      intygstjansten: 'unavailable',
    })
  })
})

describe('copies', () => {
  let own: System
  beforeAll(async () => {
    own = await startSystem()
  })
  afterAll(() => own.stop())
  const asked = () => own.journals.journals[0]!.asked.length

  test('are used while fresh, then answered with and refreshed behind the answer', async () => {
    const patient = await own.logIn(numbers.driver)
    const first = await patient.list()
    const before = asked()
    expect(statesOf(await patient.list())).toEqual({ 'region-norr': 'ok', intygstjansten: 'ok' })
    expect(asked()).toBe(before)
    own.passTime(61_000)
    own.tell('ok', { source: 'region-norr', delay: 400 })
    const stale = await patient.list()
    expect(statesOf(stale)['region-norr']).toBe('stale')
    expect(stale.total).toBe(first.total)
    await until(async () => statesOf(await patient.list())['region-norr'] === 'ok')
    expect(asked()).toBe(before + 2)
    own.tell('ok')
  })

  test('a journal that fails later leaves its copies standing, as stale', async () => {
    const patient = await own.logIn(numbers.driver)
    const { total } = await patient.list()
    own.passTime(61_000)
    own.tell('faulty')
    await patient.list()
    const list = await patient.list()
    expect(list.total).toBe(total)
    expect(statesOf(list)['region-norr']).toBe('stale')
    own.tell('ok')
    await until(async () => statesOf(await patient.list())['region-norr'] === 'ok')
  })

  test('many requests at once ask each journal once', async () => {
    const patient = await own.logIn(numbers.employed)
    const before = asked()
    own.tell('ok', { delay: 300 })
    const lists = await Promise.all(Array.from({ length: 8 }, () => patient.list()))
    expect(new Set(lists.map(({ total }) => total))).toEqual(new Set([4]))
    expect(asked()).toBe(before + 2)
    own.tell('ok')
  })

  test('the same answer again changes no row and tells nothing', async () => {
    const patient = await own.logIn(numbers.driver)
    await patient.list()
    const { rows: before } = await own.rows.query(
      'select id, sealed_content from certificate where patient_id = $1 order by id',
      [patient.id],
    )
    own.passTime(61_000)
    await patient.get(`/certificates/${before[0].id}/send-facts`)
    const { rows: after } = await own.rows.query(
      'select id, sealed_content from certificate where patient_id = $1 order by id',
      [patient.id],
    )
    expect(after).toEqual(before)
    const { rows: events } = await own.rows.query(
      "select body from outbox where type = 'certificate.stored.v1'",
    )
    const told = events
      .map(({ body }) => JSON.parse(body).data)
      .filter(({ patientId }) => patientId === patient.id)
    expect(told.map(({ certificateId }) => certificateId).sort()).toEqual(
      before.map(({ id }) => id),
    )
  })

  test('the original bytes stay as they came, though the journal adds a status', async () => {
    const patient = await own.logIn(numbers.driver)
    const { items } = await patient.list()
    const certificate = items.find(({ source }) => source.id === 'region-norr')!
    const facts = () => patient.get(`/certificates/${certificate.id}/send-facts`)
    const { document } = (await facts()).json()
    const journal = own.journals.journals[0]!
    const { rows } = await own.rows.query('select journal_id from certificate where id = $1', [
      certificate.id,
    ])
    journal.archive(rows[0].journal_id, new Date())
    own.passTime(61_000)
    expect((await facts()).json().document).toEqual(document)
    journal.remove(rows[0].journal_id)
    own.passTime(61_000)
    expect((await facts()).statusCode).toBe(404)
  })

  test('a document that cannot be read is one entry, and the rest of the list stands', async () => {
    const patient = await own.logIn(numbers.driver)
    const journal = own.journals.journals[1]!
    const { xml } = journal.certificates[0]!
    const ids = journal.load(xml.replace(/<c:typ>[\s\S]*?<\/c:typ>/, ''), numbers.driver)
    const { items, total } = await patient.list()
    const unreadable = items.filter(({ readable }) => !readable)
    expect(unreadable).toHaveLength(1)
    expect(total).toBeGreaterThan(1)
    const whole = await patient.read(unreadable[0]!.id)
    expect(whole).toMatchObject({
      readable: false,
      sections: [],
      actions: { read: { allowed: false, reason: 'certificate.unreadable' } },
    })
    expect((await patient.get(`/certificates/${whole.id}/send-facts`)).statusCode).toBe(409)
    for (const id of ids) journal.remove(id)
  })

  test('another patient’s certificate in an answer is not stored, and someone hears of it', async () => {
    const journal = own.journals.journals[1]!
    const foreign = journal.certificates.find(
      ({ personNumber }) => personNumber === numbers.tolvan,
    )!
    journal.certificates.push({ ...foreign, personNumber: numbers.none })
    const patient = await own.logIn(numbers.none)
    expect((await patient.list()).total).toBe(0)
    expect(own.log.entries()).toContainEqual(
      expect.objectContaining({ level: 'error', source: 'intygstjansten', others: 1 }),
    )
  })
})

describe('identity away', () => {
  test('copies stand, and what was never fetched is said to be missing', async () => {
    let away = true
    const own: System = await startSystem({
      deps: {
        lookUpNumbers: async () => {
          if (away) throw new Error('identity is away')
          return [numbers.driver]
        },
      },
    })
    const patient = await own.logIn(numbers.driver)
    const first = await patient.list()
    expect(Object.values(statesOf(first))).toEqual(['unavailable', 'unavailable'])
    away = false
    const { total } = await patient.list()
    expect(total).toBe(3)
    away = true
    own.passTime(61_000)
    const later = await patient.list()
    expect(Object.values(statesOf(later))).toEqual(['stale', 'stale'])
    expect(later.total).toBe(total)
    await own.stop()
  })
})

describe('at rest', () => {
  test('nothing of a person, a doctor or an illness stands in clear, and the patient’s key opens it', async () => {
    const patient = await system.logIn(numbers.employed)
    await until(async () => (await patient.list()).total > 0)
    const rows = await storedOf(patient.id)
    const everything = JSON.stringify(rows, (_key, value: unknown) =>
      value instanceof Object && 'type' in value && value.type === 'Buffer'
        ? Buffer.from((value as unknown as { data: number[] }).data).toString('latin1')
        : value,
    )
    for (const word of [numbers.employed, 'Sjögren', 'depressiv', 'Vitsippan', 'F321']) {
      expect(everything).not.toContain(word)
    }
    const { rows: keys } = await system.rows.query(
      'select sealed_key from patient_key where patient_id = $1',
      [patient.id],
    )
    const key = openMasterKeys().open(keys[0].sealed_key, patient.id)
    const [row] = rows
    const context = JSON.stringify([patient.id, row.source_id, row.journal_id, 'document'])
    expect(open(key, row.sealed_document, context).toString()).toContain(numbers.employed)
  })

  test('no log line holds a number, a name or what a doctor wrote', () => {
    const lines = system.log.lines.join('\n')
    expect(lines).not.toMatch(/19\d{6}-?\d{4}|Tolvan|Lasègue/)
  })
})

describe('a person whose number has changed', () => {
  test('sees what journals hold under the present number and under the one before', async () => {
    const [present, before] = [numbers.driver, numbers.employed]
    const totals = await Promise.all(
      [present, before].map(async (number) => (await (await system.logIn(number)).list()).total),
    )
    const patient = await system.logIn(present)
    system.earlier.set(patient.id, [before])
    const { total, sources } = await patient.list()
    expect(total).toBe(totals[0]! + totals[1]!)
    expect(sources).toMatchObject([{ state: 'ok' }, { state: 'ok' }])
    const wrong = system.log.entries().filter(({ msg }) => String(msg).includes('another patient'))
    expect(wrong).toEqual([])
  })
})
