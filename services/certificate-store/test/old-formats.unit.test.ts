import { readFileSync } from 'node:fs'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { answerId } from '../src/structure/catalogue-model.ts'
import { standardCatalogue } from '../src/structure/catalogue.ts'
import type { OldFormatRule } from '../src/structure/old-format-answers.ts'
import { structureCertificate } from '../src/structure/structure-certificate.ts'
import type { StructuredCertificate } from '../src/structure/structure-certificate.ts'

function structured(document: string): StructuredCertificate {
  const [entry] = parseCertificateDocument(Buffer.from(document))
  if (entry?.readable !== true) throw new Error('Expected a readable certificate')
  return structureCertificate(entry, { language: 'sv' })
}

const fk7263 = (content: string): StructuredCertificate =>
  structured(`<r:RegisterMedicalCertificate
    xmlns:r="urn:riv:insuranceprocess:healthreporting:RegisterMedicalCertificateResponder:3"
    xmlns="urn:riv:insuranceprocess:healthreporting:mu7263:3"><r:lakarutlatande>
    <lakarutlatande-id>a-1</lakarutlatande-id>${content}</r:lakarutlatande></r:RegisterMedicalCertificate>`)

function ts(name: 'Bas' | 'Diabetes', content: string): StructuredCertificate {
  const version = name === 'Bas' ? '06' : '02'
  return structured(`<r:RegisterTS${name} xmlns="urn:local:se:intygstjanster:services:1"
    xmlns:r="urn:local:se:intygstjanster:services:RegisterTS${name}Responder:1"><r:intyg>
    <intygsId>a-1</intygsId><intygsTyp>ts-${name.toLowerCase()}</intygsTyp><version>${version}</version>
    <utgava>08</utgava><grundData/>${content}</r:intyg></r:RegisterTS${name}>`)
}

const itemsOf = ({ sections }: StructuredCertificate) => sections.flatMap(({ items }) => items)
const valueOf = (certificate: StructuredCertificate, id: string) =>
  itemsOf(certificate).find((item) => item.id === id)?.value

const activity = (code: string, text = '') =>
  `<aktivitet><aktivitetskod>${code}</aktivitetskod>${text}</aktivitet>`
const leave = (from: string, to: string, degree: string) =>
  `<arbetsformagaNedsattning><varaktighetFrom>${from}</varaktighetFrom><varaktighetTom>${to}</varaktighetTom>
  <nedsattningsgrad>${degree}</nedsattningsgrad></arbetsformagaNedsattning>`

describe('FK 7263', () => {
  test('gives period, degrees and diagnosis as the newer forms do', () => {
    const certificate = fk7263(`
      <medicinsktTillstand><beskrivning>Ryggskott</beskrivning>
        <tillstandskod code="M545" codeSystemName="ICD-10"/></medicinsktTillstand>
      <funktionstillstand><typAvFunktionstillstand>Aktivitet</typAvFunktionstillstand><arbetsformaga>
        ${leave('2014-02-01', '2014-02-14', 'Nedsatt_med_1/2')}
        ${leave('2014-01-15', '2014-01-31', 'Helt_nedsatt')}</arbetsformaga></funktionstillstand>`)
    expect(certificate).toMatchObject({
      period: { from: '2014-01-15', to: '2014-02-14' },
      summary: { label: 'Gäller perioden', value: '2014-01-15 – 2014-02-14' },
      facts: { diagnoses: ['M545'], infectionControl: false },
    })
    expect(valueOf(certificate, '32')).toMatchObject({
      columns: [{ id: '32.1' }, { id: '32.2' }],
      rows: [
        [{ display: 'Nedsatt med hälften' }, { from: '2014-02-01', to: '2014-02-14' }],
        [{ display: 'Helt nedsatt' }, { from: '2014-01-15', to: '2014-01-31' }],
      ],
    })
  })

  test('stands in the order of the paper form, whatever the order on the wire', () => {
    const certificate = fk7263(`<kommentar>Sist</kommentar>
      ${activity('Kontakt_med_Forsakringskassan_ar_aktuell')}
      <bedomtTillstand><beskrivning>Först</beskrivning></bedomtTillstand>`)
    const ids = itemsOf(certificate).map(({ id }) => id)
    expect(['10002', '26', '25'].map((id) => ids.indexOf(id))).toEqual(
      ['10002', '26', '25'].map((id) => ids.indexOf(id)).sort((a, b) => a - b),
    )
    expect(valueOf(certificate, '10002')).toEqual({ type: 'text', text: 'Först' })
  })

  test('puts the text beside a code under the question that the code asks', () => {
    const text = '<beskrivning>Gå på promenader</beskrivning>'
    const certificate = fk7263(activity('Ovrigt', text) + activity('Ovrigt'))
    expect(valueOf(certificate, '10003.3')).toMatchObject({
      items: [{ type: 'text', text: 'Gå på promenader' }, { code: 'Ovrigt' }],
    })
  })

  test('knows infection control by its code alone', () => {
    const certificate = fk7263(activity('Avstangning_enligt_SmL_pga_smitta'))
    expect(certificate.facts.infectionControl).toBe(true)
    expect(valueOf(certificate, '27')).toMatchObject({ code: 'Avstangning_enligt_SmL_pga_smitta' })
  })

  test.each([
    [
      'a code that it does not know',
      activity('Nytt', '<beskrivning>B1</beskrivning>'),
      ['Nytt', 'B1'],
    ],
    [
      'an element in an element that it reads',
      '<medicinsktTillstand>fritt<beskrivning>B2</beskrivning><extra>X</extra></medicinsktTillstand>',
      ['fritt', 'B2', 'X'],
    ],
    ['an attribute', '<kommentar kalla="telefon">B3</kommentar>', ['kalla: telefon', 'B3']],
    ['text that has elements in it', '<kommentar>a<b>c</b></kommentar>', ['a', 'c']],
    [
      'a second first day',
      `<funktionstillstand><arbetsformaga><arbetsformagaNedsattning><varaktighetFrom>2014-01-01</varaktighetFrom>
       <varaktighetFrom>2014-03-01</varaktighetFrom></arbetsformagaNedsattning></arbetsformaga></funktionstillstand>`,
      ['2014-01-01', '2014-03-01'],
    ],
    [
      'the same element in another namespace',
      '<x:kommentar xmlns:x="urn:x">B4</x:kommentar><kommentar>B5</kommentar>',
      ['B4', 'B5'],
    ],
  ])('shows %s', (_, content, expected) => {
    const shown = JSON.stringify(fk7263(content).sections)
    expect(expected.filter((text) => !shown.includes(`"${text}"`))).toEqual([])
  })
})

describe('transport certificates from before 2015', () => {
  test('fill the form of the same major version', () => {
    const certificate = ts(
      'Bas',
      `<intygAvser><korkortstyp>C</korkortstyp><korkortstyp>TAXI</korkortstyp></intygAvser>
       <synfunktion><harDiplopi>true</harDiplopi><synskarpaUtanKorrektion><hogerOga>0.8</hogerOga>
       </synskarpaUtanKorrektion></synfunktion>`,
    )
    expect(certificate.summary).toEqual({ label: 'Gäller behörighet', value: 'C, Taxi' })
    expect(valueOf(certificate, '6')).toEqual({ type: 'boolean', value: true })
    expect(valueOf(certificate, '8')).toMatchObject({
      rows: [[{ text: 'Höger öga' }, { text: '0.8' }]],
    })
  })

  test('keep the answers of the diabetes form apart from those of the other', () => {
    const certificate = ts(
      'Diabetes',
      '<synfunktion><harSynfaltsdefekt>false</harSynfaltsdefekt></synfunktion>',
    )
    expect(valueOf(certificate, 'harSynfaltsdefekt')).toEqual({ type: 'boolean', value: false })
    expect(valueOf(certificate, '3')).toBeUndefined()
  })
})

describe('the rules for the old formats', () => {
  const file = new URL('../catalogue/old-formats.json', import.meta.url)
  const rules = JSON.parse(readFileSync(file, 'utf8')) as Record<string, OldFormatRule[]>
  const versions: Record<string, string> = { FK7263: '1', TSTRK1007: '6', TSTRK1031: '2' }

  test.each(Object.keys(rules))('%s: every answer is one of its form, once', (type) => {
    const form = standardCatalogue().form(type, versions[type]!)!
    const questions = form.sections.flatMap((section) => section.questions)
    const known = new Set(
      questions.flatMap((question) => [
        answerId(question),
        ...(question.columns ?? []).map(({ id }) => id),
        ...(question.rows ?? []).flatMap(({ answers }) => answers),
      ]),
    )
    const answers = rules[type]!.flatMap((rule) => {
      if ('row' in rule) return Object.keys(rule.row)
      return 'by' in rule ? Object.values(rule.to) : [rule.to]
    })
    expect(answers.filter((id) => !known.has(id))).toEqual([])
    const places = rules[type]!.map(({ at }) => at)
    expect(new Set(places).size).toBe(places.length)
  })
})
