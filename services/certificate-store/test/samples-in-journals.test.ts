import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { CertificateView } from '@minaintyg/contracts'
import { typeRule } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder, until } from '@minaintyg/testing'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

const folder = join(sharedFolder, 'rivta/samples')
/** Receipts, revocations and questions: there is no certificate in them. */
const isMessage = (file: string) =>
  file.startsWith('messages/') && !file.includes('ListCertificates')

describeWithShared('every sample of real certificates', () => {
  let system: System
  const loaded: { file: string; id: string; type: string }[] = []

  beforeAll(async () => {
    system = await startSystem({ deadline: 20_000 })
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.xml') && !isMessage(file))
      .sort()
    files.forEach((file, index) => {
      const [journal, other] = [0, 1].map((turn) => system.journals.journals[(index + turn) % 2]!)
      const document = readFileSync(join(folder, file), 'utf8')
      let [ids, holder] = [journal!.load(document, numbers.none), journal!]
      // Many share an id: a journal gives another to what it has already, but knows nothing of the other journal's.
      if (ids.some((id) => other!.certificates.some((each) => each.id === id))) {
        for (const id of ids) journal!.remove(id)
        ;[ids, holder] = [other!.load(document, numbers.none), other!]
      }
      if (ids.length === 0) throw new Error(`${file} holds no certificate`)
      for (const id of ids) {
        const { type } = holder.certificates.find((each) => each.id === id)!
        loaded.push({ file, id, type })
      }
    })
  }, 60_000)
  afterAll(() => system.stop())

  test('is listed, read and handed over, or is of a type that is never shown', async () => {
    expect(loaded.length).toBeGreaterThan(60)
    const patient = await system.logIn(numbers.none)
    const first = await patient.list('?limit=100')
    expect(first.sources.map(({ state }) => state)).toEqual(['ok', 'ok'])
    const { rows } = await system.rows.query(
      'select id, journal_id, type_code, readable from certificate where patient_id = $1',
      [patient.id],
    )
    const stored = new Map(rows.map((row) => [row.journal_id, row]))
    const lost = loaded.filter(({ id, type }) => stored.has(id) !== typeRule(type).shown)
    expect(lost).toEqual([])
    expect(rows.filter(({ type_code }) => !typeRule(type_code).shown)).toEqual([])
    expect(first.total).toBe(rows.length)

    for (const { id, readable } of rows) {
      const answer = await patient.get(`/certificates/${id}`)
      const revoked = answer.statusCode === 410
      expect([200, 410]).toContain(answer.statusCode)
      if (revoked) continue
      expect(Value.Errors(CertificateView, answer.json())).toEqual([])
      const { sections } = answer.json()
      expect([id, readable, sections.length > 0]).toEqual([id, true, true])
      expect((await patient.put(`/certificates/${id}/archived`)).statusCode).toBe(204)
      const facts = await patient.get(`/certificates/${id}/send-facts`)
      expect(facts.statusCode).toBe(200)
      expect(facts.json().document.size).toBeGreaterThan(300)
    }
    const archived = await until(() => patient.list('?archived=true&limit=100'))
    expect(archived.total).toBeGreaterThan(50)
    expect(system.log.entries().filter(({ level }) => level === 'error')).toEqual([])
  }, 120_000)
})
