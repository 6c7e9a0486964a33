import { jest } from '@jest/globals'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { typeRule } from '@minaintyg/certificate-model'
import type { Certificate, CertificateListItem } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
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
  const items: CertificateListItem[] = []

  async function load(source: string, file: string): Promise<void> {
    const document = readFileSync(join(folder, file), 'utf8')
    const answer = await fetch(`${system.addresses.journals.url}/control/certificates`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, personNumber: person, document }),
    })
    expect([file, answer.status]).toEqual([file, 201])
    const { ids } = (await answer.json()) as { ids: string[] }
    const hidden = typeCodes(document).filter((code) => !typeRule(code).shown)
    expected += ids.length - hidden.length
  }

  beforeAll(async () => {
    system = await startRunningSystem()
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const certificates = files.filter((file) => file.endsWith('.xml') && !isMessage(file))
    for (const [index, file] of certificates.sort().entries()) {
      await load(index % 2 === 0 ? 'region-norr' : 'intygstjansten', file)
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

  test('is read, and saved as a PDF where its actions say so', async () => {
    for (const { id, type } of items) {
      const answer = await api.get(`/certificates/${id}`)
      expect([type.code, answer.status]).toEqual([type.code, answer.status === 410 ? 410 : 200])
      if (answer.status === 410) continue
      const certificate = JSON.parse(answer.text) as Certificate
      expect([type.code, certificate.sections.length > 0]).toEqual([type.code, true])
      const pdf = await api.get(`/certificates/${id}/pdf`)
      expect([type.code, pdf.status]).toEqual([
        type.code,
        certificate.actions.save.allowed ? 200 : 409,
      ])
      if (pdf.status === 200) expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    }
  })
})
