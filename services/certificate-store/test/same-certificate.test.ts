import { randomUUID } from 'node:crypto'
import { sha256Hex } from '@minaintyg/crypto'
import { expectProblem } from '@minaintyg/testing'
import { createEntries } from './journal-entries.ts'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System
const entries = createEntries(() => system)

beforeAll(async () => {
  system = await startSystem()
})
afterEach(() => {
  entries.clear()
})
afterAll(() => system.stop())

type Patient = Awaited<ReturnType<System['logIn']>>

/** What the journals have by now is stored when this is answered. */
async function refresh(patient: Patient) {
  system.passTime(61_000)
  await patient.get(`/certificates/${randomUUID()}/send-facts`)
  return patient.list()
}

async function eventsOf(type: string, { id }: Patient) {
  const { rows } = await system.rows.query('select body from outbox where type = $1', [type])
  return rows
    .map(({ body }) => JSON.parse(body).data)
    .filter(({ patientId }) => patientId === id)
    .map(({ certificateId }) => certificateId)
}

describe('a certificate that two journals hold', () => {
  test('is shown, counted, told of and erased once', async () => {
    entries.put(0, { id: 'shared-1' })
    entries.put(1, { id: 'shared-1', spaced: true })
    const patient = await system.logIn(numbers.none)
    const list = await patient.list()
    expect(list.total).toBe(1)
    expect(list.items).toHaveLength(1)
    expect(list.facets.types).toEqual([expect.objectContaining({ value: 'LISJP', count: 1 })])
    const { id } = list.items[0]!
    expect((await patient.get(`/certificates/${id}`)).statusCode).toBe(200)
    expect(await eventsOf('certificate.stored.v1', patient)).toEqual([id])
    expect((await patient.post('/erasures')).json()).toEqual({ certificates: 1 })
  })

  test.each([0, 1])('stands under its id when journal %i no longer lists it', async (source) => {
    entries.put(0, { id: 'shared-2' })
    entries.put(1, { id: 'shared-2', spaced: true })
    const patient = await system.logIn(numbers.none)
    const { items } = await patient.list()
    entries.remove(source, 'shared-2')
    const left = await refresh(patient)
    expect(left.items.map(({ id }) => id)).toEqual([items[0]!.id])
    expect(left.items[0]!.source.id).toBe(system.sources[1 - source]!.id)
    entries.remove(1 - source, 'shared-2')
    expect((await refresh(patient)).total).toBe(0)
    expectProblem(await patient.get(`/certificates/${items[0]!.id}`), 404, 'certificate.not-found')
  })

  test('is handed over in the bytes that were promised, whichever copy leads by then', async () => {
    entries.put(0, { id: 'shared-3' })
    const patient = await system.logIn(numbers.none)
    const { items } = await patient.list()
    const facts = () => patient.get(`/certificates/${items[0]!.id}/send-facts`)
    const { document } = (await facts()).json()
    entries.put(1, { id: 'shared-3', spaced: true })
    entries.remove(0, 'shared-3')
    expect((await refresh(patient)).items[0]!.source.id).toBe(system.sources[1]!.id)
    expect((await facts()).json().document).toEqual(document)
    const token = await system.tokens.client('certificate-store', 'documents:read', 'dispatch')
    const { rawPayload } = await system.service.app.inject({
      url: `/patients/${patient.id}/certificates/${items[0]!.id}/document?recipient=FKASSA&dispatch=${randomUUID()}`,
      headers: { ...token, accept: 'application/xml' },
    })
    expect(sha256Hex(rawPayload)).toBe(document.sha256)
  })

  test.each([0, 1])(
    'is revoked when journal %i has revoked it, and that is told once',
    async (source) => {
      entries.put(0, { id: 'shared-4' })
      entries.put(1, { id: 'shared-4' })
      const patient = await system.logIn(numbers.none)
      const [certificate] = (await patient.list()).items
      const { id } = certificate!
      entries.revoke(source, 'shared-4')
      const list = await refresh(patient)
      expect(list.items).toEqual([expect.objectContaining({ id, statuses: ['revoked'] })])
      for (const end of ['', '/send-facts']) {
        expectProblem(await patient.get(`/certificates/${id}${end}`), 410, 'certificate.revoked')
      }
      entries.revoke(1 - source, 'shared-4')
      await refresh(patient)
      expect(await eventsOf('certificate.revoked.v1', patient)).toEqual([id])
      // The one that revoked it may forget it sooner than the other hears of it.
      entries.remove(source, 'shared-4')
      expect((await refresh(patient)).items[0]!.statuses).toEqual(['revoked'])
    },
  )

  test('a revocation that only one journal has heard of outlives its listing there', async () => {
    entries.put(0, { id: 'shared-5' })
    entries.put(1, { id: 'shared-5' })
    const patient = await system.logIn(numbers.none)
    const { items } = await patient.list()
    entries.revoke(0, 'shared-5')
    await refresh(patient)
    entries.remove(0, 'shared-5')
    expect((await refresh(patient)).items[0]!.statuses).toEqual(['revoked'])
    const token = await system.tokens.client('certificate-store', 'documents:read', 'dispatch')
    expectProblem(
      await system.service.app.inject({
        url: `/patients/${patient.id}/certificates/${items[0]!.id}/document?recipient=FKASSA&dispatch=${randomUUID()}`,
        headers: token,
      }),
      410,
      'certificate.revoked',
    )
  })

  test('keeps the patient’s mark when another journal brings it, and when all of them had lost it', async () => {
    entries.put(0, { id: 'shared-6' })
    const patient = await system.logIn(numbers.none)
    const { items } = await patient.list()
    const { id } = items[0]!
    expect((await patient.put(`/certificates/${id}/archived`)).statusCode).toBe(204)
    entries.put(1, { id: 'shared-6' })
    expect((await refresh(patient)).total).toBe(0)
    expect((await patient.list('?archived=true')).items.map((each) => each.id)).toEqual([id])
    entries.remove(0, 'shared-6')
    entries.remove(1, 'shared-6')
    await refresh(patient)
    expect((await patient.list('?archived=true')).total).toBe(0)
    entries.put(1, { id: 'shared-6' })
    await refresh(patient)
    expect((await patient.list('?archived=true')).items.map((each) => each.id)).toEqual([id])
    expect((await patient.delete(`/certificates/${id}/archived`)).statusCode).toBe(204)
    entries.remove(1, 'shared-6')
    entries.put(0, { id: 'shared-6' })
    expect((await refresh(patient)).items).toEqual([
      expect.objectContaining({ id, archived: false }),
    ])
  })

  test('is sent when care has sent it by what either of them says', async () => {
    entries.put(0, { id: 'shared-7' })
    entries.put(1, { id: 'shared-7', sentTo: 'FKASSA' })
    const patient = await system.logIn(numbers.none)
    const { items } = await patient.list()
    expect(items.map(({ statuses }) => statuses)).toEqual([expect.arrayContaining(['sent'])])
    expect(items[0]!.statuses).not.toContain('notSent')
  })
})

describe('certificates that are not the same', () => {
  test('of different types are two, though their ids are equal', async () => {
    entries.put(0, { id: 'clash-1', type: 'LISJP' })
    entries.put(1, { id: 'clash-1', type: 'LUSE' })
    const { items } = await (await system.logIn(numbers.none)).list()
    expect(items.map(({ type }) => type.code).sort()).toEqual(['LISJP', 'LUSE'])
    expect(new Set(items.map(({ id }) => id)).size).toBe(2)
  })

  test('without any id are one for each journal', async () => {
    entries.put(0, { id: 'clash-2', withoutId: true })
    entries.put(1, { id: 'clash-2', withoutId: true })
    const { items } = await (await system.logIn(numbers.none)).list()
    expect(items.map(({ readable }) => readable)).toEqual([false, false])
    expect(new Set(items.map(({ id }) => id)).size).toBe(2)
  })
})

describe('the id of a certificate', () => {
  test('is the same after consent was withdrawn and given anew', async () => {
    const patient = await system.logIn(numbers.many)
    const idsOf = async () => (await patient.list('?limit=100')).items.map(({ id }) => id)
    const before = await idsOf()
    expect(before).toHaveLength(100)
    await patient.post('/erasures')
    expect(await idsOf()).toEqual(before)
  })

  test('is another for another patient, though the journals say the same', async () => {
    const [one, other] = [await system.logIn(), await system.logIn()]
    const ids = [one, other].map(async (patient) =>
      (await patient.list('?limit=100')).items.map(({ id }) => id),
    )
    const [first, second] = await Promise.all(ids)
    expect(first).toHaveLength(second!.length)
    expect(first!.filter((id) => second!.includes(id))).toEqual([])
  })

  test('tells that it was sent before, once consent is given anew', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const { id } = items[0]!
    const token = await system.tokens.client('certificate-store', 'documents:read', 'dispatch')
    const answer = await system.service.app.inject({
      url: `/patients/${patient.id}/certificates/${id}/document?recipient=FKASSA&dispatch=${randomUUID()}`,
      headers: token,
    })
    expect(answer.statusCode).toBe(200)
    await patient.post('/erasures')
    const again = await patient.list('?type=LISJP&limit=100')
    const statuses = again.items.find((each) => each.id === id)?.statuses
    expect(statuses).toContain('sent')
    expect(statuses).not.toContain('notSent')
    const { events } = await patient.read(id)
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'sent', recipient: 'Försäkringskassan' }),
    )
  })
})

test('two replicas that fetch the same at once store it once and tell of it once', async () => {
  const patient = await system.logIn(numbers.many)
  const second = await startSystem({
    config: { DATABASE_URL: system.databaseUrl, JOURNALS: JSON.stringify(system.sources) },
    deps: {
      authentication: system.tokens.authentication('certificate-store'),
      requireConsent: async () => undefined,
      lookUpNumbers: async () => [numbers.many],
    },
  })
  try {
    const url = '/certificates?limit=100'
    const answers = await Promise.all([
      patient.get(url),
      second.service.app.inject({ url, headers: patient.headers }),
    ])
    const lists = answers.map((answer) => answer.json())
    expect(lists.map(({ total }) => total)).toEqual([150, 150])
    expect(lists[0].items).toEqual(lists[1].items)
    const told = await eventsOf('certificate.stored.v1', patient)
    expect(told).toHaveLength(150)
    expect(new Set(told).size).toBe(150)
  } finally {
    await second.stop()
  }
})
