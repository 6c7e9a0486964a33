import { until } from '@minaintyg/testing'
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

/** Each certificate by the month that it was signed in: `2026-01` is the oldest. */
async function listed() {
  const patient = await system.logIn(numbers.none)
  const { items } = await patient.list('?sort=issuedAt&limit=100')
  const byMonth = new Map(items.map((item) => [item.issuedAt?.slice(0, 7), item]))
  const read = async (month: string) => patient.read(byMonth.get(month)!.id)
  const idOf = (month: string) => byMonth.get(month)!.id
  return { patient, read, idOf, statusesOf: (month: string) => byMonth.get(month)!.statuses }
}
const signed = (month: string) => `${month}-05T10:00:00`
const replaces = (id: string) => [{ kind: 'ERSATT' as const, id }]

describe('relations', () => {
  test('point both ways between certificates of different journals', async () => {
    entries.put(0, { id: 'old', signed: signed('2026-01') })
    entries.put(1, { id: 'new', signed: signed('2026-02'), relations: replaces('old') })
    const { read, idOf, statusesOf } = await listed()
    expect(statusesOf('2026-01')).toEqual(['replaced'])
    expect((await read('2026-01')).relations).toEqual([
      expect.objectContaining({ kind: 'replacedBy', certificateId: idOf('2026-02') }),
    ])
    expect((await read('2026-02')).relations).toEqual([
      expect.objectContaining({ kind: 'replaces', certificateId: idOf('2026-01') }),
    ])
  })

  test('of replacement are told once, as the newer one comes, with both ids', async () => {
    entries.put(0, { id: 'old', signed: signed('2026-01') })
    const { patient, idOf } = await listed()
    const told = async () => {
      const { rows } = await system.rows.query<{ body: Buffer }>(
        "select body from outbox where type = 'certificate.replaced.v1' order by position",
      )
      return rows
        .map(({ body }) => JSON.parse(body.toString()).data)
        .filter(({ certificateId }) => certificateId === idOf('2026-01'))
    }
    expect(await told()).toEqual([])
    const old = idOf('2026-01')
    entries.put(1, { id: 'new', signed: signed('2026-02'), relations: replaces('old') })
    system.passTime(61_000)
    await patient.list()
    const newer = await until(async () => {
      const { items } = await patient.list()
      return items.find(({ id }) => id !== old)?.id
    })
    await patient.list()
    expect(await told()).toEqual([
      { patientId: patient.id, certificateId: old, replacedBy: newer, at: expect.any(String) },
    ])
  })

  test('are said once of a certificate that two journals hold', async () => {
    for (const source of [0, 1]) {
      entries.put(source, { id: 'old', signed: signed('2026-01') })
      entries.put(source, { id: 'new', signed: signed('2026-02'), relations: replaces('old') })
    }
    const { read, idOf } = await listed()
    expect((await read('2026-01')).relations).toEqual([
      expect.objectContaining({ kind: 'replacedBy', certificateId: idOf('2026-02') }),
    ])
    expect((await read('2026-02')).relations).toHaveLength(1)
  })

  test('in a chain are those to the next, and only the last of it can be sent', async () => {
    entries.put(0, { id: 'a', signed: signed('2026-01') })
    entries.put(1, { id: 'b', signed: signed('2026-02'), relations: replaces('a') })
    entries.put(0, { id: 'c', signed: signed('2026-03'), relations: replaces('b') })
    const { read, idOf, statusesOf } = await listed()
    expect(statusesOf('2026-01')).toEqual(['replaced'])
    expect(statusesOf('2026-02')).toEqual(['replaced'])
    expect(statusesOf('2026-03')).toContain('notSent')
    const middle = await read('2026-02')
    expect(middle.relations).toEqual([
      expect.objectContaining({ kind: 'replaces', certificateId: idOf('2026-01') }),
      expect.objectContaining({ kind: 'replacedBy', certificateId: idOf('2026-03') }),
    ])
    expect(middle.actions.send.allowed).toBe(false)
  })

  test('in a circle end: each is replaced by the other, both are shown, and neither is sent', async () => {
    entries.put(0, { id: 'a', signed: signed('2026-01'), relations: replaces('b') })
    entries.put(1, { id: 'b', signed: signed('2026-02'), relations: replaces('a') })
    const { read, idOf } = await listed()
    const [a, b] = [await read('2026-01'), await read('2026-02')]
    for (const [one, other] of [
      [a, idOf('2026-02')],
      [b, idOf('2026-01')],
    ] as const) {
      expect(one.relations.map(({ kind, certificateId }) => [kind, certificateId])).toEqual(
        expect.arrayContaining([
          ['replaces', other],
          ['replacedBy', other],
        ]),
      )
      expect(one.statuses).toEqual(['replaced'])
      expect(one.actions.send).toMatchObject({ allowed: false, reason: 'certificate.replaced' })
    }
  })

  test('to itself, or to what the patient does not have, are none', async () => {
    entries.put(0, { id: 'a', signed: signed('2026-01'), relations: replaces('a') })
    entries.put(0, { id: 'b', signed: signed('2026-02'), relations: replaces('elsewhere') })
    const { read, statusesOf } = await listed()
    expect((await read('2026-01')).relations).toEqual([])
    expect((await read('2026-02')).relations).toEqual([])
    expect(statusesOf('2026-01')).toContain('notSent')
  })

  test('of one that was revoked, or that no journal lists any more, supersede nothing', async () => {
    entries.put(0, { id: 'a', signed: signed('2026-01') })
    entries.put(1, { id: 'b', signed: signed('2026-02'), relations: replaces('a') })
    const { patient, idOf } = await listed()
    const standing = async () => {
      system.passTime(61_000)
      await patient.get(`/certificates/${idOf('2026-01')}/send-facts`)
      return (await patient.read(idOf('2026-01'))).statuses
    }
    expect(await standing()).toEqual(['replaced'])
    entries.remove(1, 'b')
    expect(await standing()).toContain('notSent')
    entries.put(1, { id: 'b', signed: signed('2026-02'), relations: replaces('a') })
    expect(await standing()).toEqual(['replaced'])
    entries.revoke(1, 'b')
    expect(await standing()).toContain('notSent')
  })
})
