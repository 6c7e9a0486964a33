import { readFileSync, readdirSync } from 'node:fs'
import { Value } from 'typebox/value'
import { EmploymentCopy } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { employmentCopyOf } from '../src/documents/employment-copy.ts'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import type { ParsedCertificate } from '../src/rivta/parsed-certificate.ts'
import { standardCatalogue } from '../src/structure/catalogue.ts'
import { certificateFromDocument } from '../src/structure/certificate-from-document.ts'
import { structureCertificate } from '../src/structure/structure-certificate.ts'
import { cv, datePeriod, svar } from './documents.ts'
import { parsedOf } from './structured.ts'

const catalogue = standardCatalogue()
const forms = readdirSync(new URL('../catalogue/forms/', import.meta.url)).map((file) => {
  const [, type = '', version = ''] = /^(.+)-(\d+)\.json$/.exec(file) ?? []
  // The wire's own name of the type, as a document has it.
  return { type: type === 'ag114' ? 'AG1-14' : type.toUpperCase(), version }
})

function copyOf(parsed: ParsedCertificate) {
  const certificate = certificateFromDocument(parsed, { language: 'sv' })
  return { certificate, copy: employmentCopyOf(certificate, catalogue) }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

/** All that may stand in it beside numbers: names, an id, and days. */
function expectNothingElse(parsed: ParsedCertificate) {
  const { certificate, copy } = copyOf(parsed)
  expect([...Value.Errors(EmploymentCopy, copy)]).toEqual([])
  const allowed = new Set([
    certificate.id,
    certificate.issuedAt,
    certificate.patient.name,
    certificate.issuer.name,
    certificate.unit.name,
  ])
  const others = strings(copy).filter((one) => !allowed.has(one))
  expect(others.filter((one) => !/^\d{4}-\d{2}-\d{2}$/.test(one))).toEqual([])
  return copy
}

describe('what an employer gets, by every form of the catalogue', () => {
  const questions = [...Array(75).keys(), 100, 103, 109, 200, 205, 209, 9001, 10001].map(String)

  /** To every part of every question an answer that tells of a disease, as text, as code and as both. */
  const telling = questions
    .map((question) =>
      svar(
        question,
        Array.from({ length: 12 }, (_, part): [string, string] => {
          const text = `Recidiverande depression ${question}.${part}`
          const code = cv('F33.1', '1.2.752.116.1.1.1', 'Recidiverande depression')
          return [
            `${question}.${part}`,
            part % 3 === 0 ? text : part % 3 === 1 ? code : text + code,
          ]
        }),
      ),
    )
    .join('')

  test('the forms are those of the catalogue', () => {
    const known = forms.map(({ type, version }) => catalogue.form(type, version)?.type)
    expect(known).toHaveLength(forms.length)
    expect(known).not.toContain(undefined)
  })

  test.each([...forms, { type: 'NYTT', version: '1' }])(
    'of $type $version it holds no word of any answer',
    (form) => {
      const copy = expectNothingElse(parsedOf({ ...form, answers: telling }))
      expect(JSON.stringify(copy)).not.toMatch(/depression|F33/i)
      expect(copy).toMatchObject({
        issuer: { name: 'Doktor Berg' },
        unit: { name: 'Fjällets vårdcentral' },
        period: null,
        degrees: [],
      })
    },
  )

  test.each(forms.filter(({ type, version }) => catalogue.form(type, version)?.degree))(
    'of $type $version it holds period and degree, without the words beside them',
    ({ type, version }) => {
      const { degree = '', period = '' } = catalogue.form(type, version) ?? {}
      const [question = ''] = degree.split('.')
      const period1 = datePeriod('2026-03-02', '2026-03-15')
      const isTable = catalogue
        .form(type, version)
        ?.sections.some(({ questions: all }) =>
          all.some(({ id, kind }) => id === question && kind === 'table'),
        )
      const value = isTable ? cv('HALFTEN', 'KV_FKMU_0003', 'Halvt, för sin depression') : '50'
      const answers = svar(question, [
        [degree, value],
        [period, period1],
        [`${question}.9`, 'Depression'],
      ])
      const copy = expectNothingElse(
        parsedOf({ type, version, answers: answers + svar('6', [['6.1', 'Depression']]) }),
      )
      const days = { from: '2026-03-02', to: '2026-03-15' }
      expect(copy).toMatchObject({ period: days, degrees: [{ percent: 50, ...days }] })
      expect(JSON.stringify(copy)).not.toMatch(/depression/i)
    },
  )
})

describeWithShared('what an employer gets of the RIVTA samples', () => {
  const folder = `${sharedFolder}/rivta/samples`
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.xml') && !path.startsWith('messages/'),
  )

  test.each(files)('%s: no diagnosis, no answer', (path) => {
    for (const parsed of parseCertificateDocument(readFileSync(`${folder}/${path}`))) {
      if (!parsed.readable) throw new Error('An entry could not be read')
      const text = JSON.stringify(expectNothingElse(parsed))
      const { diagnoses } = structureCertificate(parsed, { language: 'sv' }).facts
      // A diagnosis may be called as a unit is, or be a letter; all others must not stand there.
      const telling = diagnoses.filter((one) => one.length > 3)
      expect(telling.filter((one) => text.includes(one))).toEqual([])
    }
  })
})
