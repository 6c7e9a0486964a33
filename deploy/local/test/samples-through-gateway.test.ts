import { jest } from '@jest/globals'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { typeRule } from '@minaintyg/certificate-model'
import type { Certificate, CertificateListItem } from '@minaintyg/certificate-model'
import type { CertificateList } from '@minaintyg/contracts'
import { describeWithShared, sharedFolder, until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(240_000)

const folder = join(sharedFolder, 'rivta/samples')
const person = testPersons.find(({ certificates }) => certificates === 'none')!.number
/** Receipts, revocations and questions: there is no certificate in them. */
const isMessage = (file: string) =>
  file.startsWith('messages/') && !file.includes('ListCertificates')

const typeCodes = (document: string) =>
  [...document.matchAll(/<(?:\w+:)?typ>\s*<(?:\w+:)?code>([^<]*)</g)].map(([, code = '']) => code)

describeWithShared('every sample of real certificates, through the gateway', () => {
  let system: RunningSystem
  let api: PatientApi
  let expected = 0
  const taken = new Set<string>()
  const items: CertificateListItem[] = []
  const read: Certificate[] = []

  const control = (method: 'POST' | 'DELETE', body: object) =>
    fetch(`${system.addresses.journals.url}/control/certificates`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  async function put(source: string, file: string, document: string): Promise<string[]> {
    const answer = await control('POST', { source, personNumber: person, document })
    expect([file, answer.status]).toEqual([file, 201])
    return ((await answer.json()) as { ids: string[] }).ids
  }

  /** Many share an id: a journal gives another to what it has already, but knows nothing of the other journal's. */
  async function load(file: string, [source, other]: [string, string]): Promise<void> {
    const document = readFileSync(join(folder, file), 'utf8')
    let ids = await put(source, file, document)
    if (ids.some((id) => taken.has(id))) {
      for (const id of ids) await control('DELETE', { source, id })
      ids = await put(other, file, document)
    }
    for (const id of ids) taken.add(id)
    const hidden = typeCodes(document).filter((code) => !typeRule(code).shown)
    expected += ids.length - hidden.length
  }

  beforeAll(async () => {
    system = await startRunningSystem({ rateLimit: 100_000 })
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const certificates = files.filter((file) => file.endsWith('.xml') && !isMessage(file))
    for (const [index, file] of certificates.sort().entries()) {
      const sources: [string, string] = ['region-norr', 'intygstjansten']
      await load(file, index % 2 === 0 ? sources : [sources[1], sources[0]])
    }
    api = await system.patient(person)
    const { text } = JSON.parse((await api.get('/consent')).text)
    expect((await api.send('POST', '/consent', { textVersion: text.version })).status).toBe(201)
  })
  afterAll(() => system.stop())

  test('is on the list, but for the types that are never shown', async () => {
    let cursor: string | null = null
    do {
      const page = await api.get(
        `/certificates?limit=25${cursor === null ? '' : `&cursor=${cursor}`}`,
      )
      expect(page.status).toBe(200)
      const list = JSON.parse(page.text)
      items.push(...list.items)
      cursor = list.nextCursor
      if (cursor === null) expect(list.total).toBe(items.length)
    } while (cursor !== null)
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    expect(items.filter(({ type }) => !typeRule(type.code).shown)).toEqual([])
    expect(expected).toBeGreaterThan(50)
    expect(items).toHaveLength(expected)
  })

  test('is read, or is one entry that says how it stands', async () => {
    for (const { id, type, readable } of items) {
      const answer = await api.get(`/certificates/${id}`)
      expect([type.code, answer.status]).toEqual([type.code, answer.status === 410 ? 410 : 200])
      if (answer.status === 410) continue
      const certificate = JSON.parse(answer.text) as Certificate
      read.push(certificate)
      expect([type.code, readable, certificate.sections.length > 0]).toEqual([
        type.code,
        certificate.actions.read.allowed,
        readable,
      ])
    }
    expect(read.length).toBeGreaterThan(50)
  })

  test('is saved as a PDF where its actions say so, and without its diagnosis where they offer it', async () => {
    for (const { id, type, actions } of read) {
      const pdf = await api.get(`/certificates/${id}/pdf`)
      expect([type.code, pdf.status]).toEqual([type.code, actions.save.allowed ? 200 : 409])
      if (pdf.status === 200) expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
      const hidden = await api.get(`/certificates/${id}/pdf?hide=diagnosis`)
      const isOffered = actions.hide.includes('diagnosis')
      const refused = actions.save.allowed ? 400 : 409
      expect([type.code, hidden.status]).toEqual([type.code, isOffered ? 200 : refused])
    }
    expect(read.filter(({ actions }) => actions.hide.length > 0).length).toBeGreaterThan(2)
  })

  const archivedIds = async () => {
    const answer = await api.get('/certificates?archived=true&limit=100')
    const list = JSON.parse(answer.text) as CertificateList
    return { ids: list.items.map(({ id }) => id).sort(), sources: list.sources }
  }

  test('is archived, stays so when its journal is asked anew, and is restored', async () => {
    const all = read.map(({ id }) => id).sort()
    for (const id of all) {
      expect((await api.send('PUT', `/certificates/${id}/archived`)).status).toBe(204)
    }
    expect((await archivedIds()).ids).toEqual(all)

    // Long ago, and other than what the journals have: every copy is fetched and written anew.
    await system.query('certificate_store', 'update certificate set fingerprint = $1', ['another'])
    await system.query(
      'certificate_store',
      "update journal_fetch set fetched_at = now() - interval '1 day'",
    )
    expect((await archivedIds()).ids).toEqual(all)
    await until(async () => (await archivedIds()).sources.every(({ state }) => state === 'ok'), {
      timeout: 60_000,
      interval: 500,
    })
    const [left] = await system.query<{ count: string }>(
      'certificate_store',
      'select count(*) from certificate where fingerprint = $1',
      ['another'],
    )
    expect(Number(left?.count)).toBe(0)
    expect((await archivedIds()).ids).toEqual(all)

    for (const id of all) {
      expect((await api.send('DELETE', `/certificates/${id}/archived`)).status).toBe(204)
    }
    expect((await archivedIds()).ids).toEqual([])
  })
})
