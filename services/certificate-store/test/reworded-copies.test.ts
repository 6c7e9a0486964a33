import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Certificate, CertificateListItem } from '@minaintyg/certificate-model'
import type { CertificateList } from '@minaintyg/contracts'
import { accessLogKey, clientKey, masterKey, numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'texts-'))))
afterAll(() => rm(folder, { recursive: true }))

const write = (file: string, content: string) => writeFile(join(folder, file), content)
const officialTexts = (type: string, version: string) =>
  JSON.stringify({
    wireTypeCode: type,
    version,
    name: 'Myndighetens namn',
    elements: [{ id: '6', kind: 'DIAGNOSIS', label: 'Myndighetens ord om diagnosen' }],
  })

describe('an operator’s wording that is new', () => {
  let system: System
  let second: System | undefined
  beforeAll(async () => {
    system = await startSystem({ deadline: 20_000 })
  })
  afterAll(async () => {
    await second?.stop()
    await system.stop()
  })

  test('reaches a patient with fresh copies whose journals are down, and changes nothing else', async () => {
    const patient = await system.logIn(numbers.employed)
    const before = await patient.list('?type=AG7804')
    const [{ id }, archived] = before.items as [CertificateListItem, CertificateListItem]
    const versions = new Set(before.items.map(({ type }) => type.version))
    for (const version of versions)
      await write(`ag7804-${version}.json`, officialTexts('AG7804', version))
    await patient.put(`/certificates/${archived.id}/archived`)
    const rowsOf = async () =>
      (
        await system.rows.query(
          'select document_sha256, fingerprint, archived_at from certificate where patient_id = $1 order by journal_id',
          [patient.id],
        )
      ).rows
    const rows = await rowsOf()
    for (const source of system.sources) system.tell('down', { source: source.id })

    const replica = await startSystem({
      config: {
        DATABASE_URL: system.databaseUrl,
        JOURNALS: JSON.stringify(system.sources),
        CERTIFICATE_TEXTS_DIR: folder,
      },
      deps: {
        authentication: system.tokens.authentication('certificate-store'),
        requireConsent: async () => undefined,
        lookUpNumbers: async () => [numbers.employed],
      },
    })
    second = replica
    const ask = async (url: string, language = 'sv') => {
      const headers = { ...patient.headers, 'accept-language': language }
      const answer = await replica.service.app.inject({ url, headers })
      expect(answer.statusCode).toBe(200)
      return answer
    }
    const list = (await ask('/certificates?type=AG7804')).json<CertificateList>()
    expect(list.items).toMatchObject([{ id, type: { name: 'Myndighetens namn' } }])
    const labelOf = ({ sections }: Certificate) =>
      sections.flatMap(({ items }) => items).find((item) => item.id === '6')?.label
    expect(labelOf((await ask(`/certificates/${id}`)).json())).toBe('Myndighetens ord om diagnosen')
    expect(labelOf((await ask(`/certificates/${id}`, 'en')).json())).toBe(
      'Diagnosis that reduces the ability to work',
    )
    expect(await rowsOf()).toEqual(rows)
  })
})

describe('an operator’s wording that is faulty', () => {
  test('keeps the service from starting, and the log says which file and where in it', async () => {
    await write('lisjp-1.3.json', officialTexts('LISJP', '1.3').replace('"id":"6"', '"id":"777"'))
    const started = promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, '../src/main.ts')],
      {
        env: {
          PATH: process.env.PATH,
          NODE_OPTIONS: '--conditions=source --disable-warning=ExperimentalWarning',
          PORT: '0',
          // Nobody answers there: it must not come so far.
          DATABASE_URL: 'postgres://127.0.0.1:1/none',
          ISSUER_URL: 'https://identity.test',
          JWKS_URL: 'http://127.0.0.1:1/jwks',
          IDENTITY_URL: 'http://127.0.0.1:1',
          CONSENT_URL: 'http://127.0.0.1:1',
          CLIENT_KEY: clientKey,
          MASTER_KEYS: masterKey,
          ACCESS_LOG_KEYS: accessLogKey,
          IDENTIFIER_KEY: Buffer.alloc(32).toString('base64'),
          JOURNALS: '[]',
          CERTIFICATE_TEXTS_DIR: folder,
        },
        timeout: 60_000,
      },
    )
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /CERTIFICATE_TEXTS_DIR: .*lisjp-1\.3\.json: question 777 is unknown in LISJP 1/,
      ),
    })
  }, 90_000)
})
