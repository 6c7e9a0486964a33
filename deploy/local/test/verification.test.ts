import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { CertificateListItem } from '@minaintyg/certificate-model'
import type { Verification } from '@minaintyg/contracts'
import { until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'
import { findInDatabases } from './what-is-left.ts'

jest.setTimeout(120_000)

const [person = testPersons[0]!] = testPersons
let system: RunningSystem
let api: PatientApi
let certificate: CertificateListItem

async function consent(): Promise<void> {
  const { text } = JSON.parse((await api.get('/consent')).text)
  await api.send('POST', '/consent', { textVersion: text.version })
}

/** The link that stands beside the QR code of a saved copy. */
async function linkOf(query = ''): Promise<string> {
  const { status, bytes } = await api.get(`/certificates/${certificate.id}/pdf${query}`)
  expect(status).toBe(200)
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise
  const annotations = (await (await document.getPage(1)).getAnnotations()) as { url?: string }[]
  await document.loadingTask.destroy()
  const [link, ...more] = annotations.flatMap(({ url }) => (url === undefined ? [] : [url]))
  expect(more).toEqual([])
  return link!
}

/** As someone at a desk, who has the paper and nothing else. */
async function open(link: string, headers: Record<string, string> = {}) {
  const answer = await fetch(link, { headers })
  return { status: answer.status, text: await answer.text() }
}
const ask = async (link: string): Promise<Verification> =>
  JSON.parse((await open(link, { accept: 'application/json' })).text)

beforeAll(async () => {
  system = await startRunningSystem()
  api = await system.patient(person.number)
  await consent()
  const { items } = JSON.parse((await api.get('/certificates?type=AG7804&limit=100')).text) as {
    items: CertificateListItem[]
  }
  for (const item of items) {
    const { actions } = JSON.parse((await api.get(`/certificates/${item.id}`)).text)
    if (actions?.hide?.includes('diagnosis')) certificate = item
  }
})
afterAll(() => system.stop())

test('a saved copy leads to a page that says that it is genuine, and to no more', async () => {
  const link = await linkOf()
  expect(link).toMatch(new RegExp(`^${system.addresses.gateway.url}/minaintyg/v1/verify/[^/]{26}$`))
  expect(await ask(link)).toEqual({
    genuine: true,
    type: { code: certificate.type.code, name: certificate.type.name },
    issuedAt: certificate.issuedAt,
    unit: { name: certificate.unit.name },
    status: 'valid',
    adapted: false,
  })
  const page = await open(link)
  expect(page.status).toBe(200)
  expect(page.text).toContain('Koden är äkta och intyget gäller')
  const { name } = JSON.parse((await api.get('/me')).text)
  expect(page.text).not.toContain(name)

  const adapted = await linkOf('?hide=diagnosis')
  expect(adapted).not.toBe(link)
  expect(await ask(adapted)).toMatchObject({ genuine: true, adapted: true })
})

test('the patient sees that someone asked', async () => {
  await ask(await linkOf())
  const { items } = JSON.parse((await api.get('/access-log')).text)
  expect(items[0]).toMatchObject({
    action: 'verify',
    actor: { kind: 'holder' },
    certificateId: certificate.id,
  })
})

test('what stands on the paper stands in no log and no table', async () => {
  const id = (await linkOf()).split('/').at(-1)!
  const files = await readdir(system.logFolder)
  expect(files).toContain('gateway.log')
  for (const file of files) {
    expect(await readFile(join(system.logFolder, file), 'utf8')).not.toContain(id)
  }
  expect(await findInDatabases(system, [id])).toEqual([])
})

test('after a withdrawal nothing is said of it, as of one that never was', async () => {
  const link = await linkOf()
  const { status } = await api.send('DELETE', '/consent')
  expect(status).toBe(200)
  const never = link.replace(/.{26}$/, '0'.repeat(26))
  expect(await ask(link)).toEqual({ genuine: false })
  expect((await open(link)).text).toBe((await open(never)).text)
  await until(async () => {
    const rows = await system.query('certificate_store', 'select from verification')
    return rows.length === 0
  })
  await consent()
  expect(await ask(link)).toEqual({ genuine: false })
})
