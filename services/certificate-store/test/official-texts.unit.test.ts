import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@minaintyg/config'
import { loadCatalogue, standardCatalogue } from '../src/structure/catalogue.ts'
import type { Form } from '../src/structure/catalogue-model.ts'
import { structureCertificate } from '../src/structure/structure-certificate.ts'
import { cv, svar } from './documents.ts'
import { parsedOf } from './structured.ts'

interface Element {
  id: string
  kind: string
  [property: string]: unknown
}
const category = (id: string, label: string): Element => ({ id, kind: 'CATEGORY', label })
const question = (id: string, label: string, more: object = {}): Element => ({
  id,
  kind: 'TEXT_AREA',
  label,
  ...more,
})
const texts = (elements: Element[], more: object = {}) => ({
  wireTypeCode: 'LISJP',
  version: '1.3',
  elements,
  ...more,
})

describe('an operator’s wording', () => {
  let folder = ''
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'texts-'))))
  afterEach(() => rm(folder, { recursive: true }))

  const write = (name: string, content: unknown) =>
    writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  const load = () => loadCatalogue({ texts: folder })
  const labelOf = (form: Form | undefined, id: string) =>
    form?.sections.flatMap(({ questions }) => questions).find((each) => each.id === id)?.label

  test('stands in place of ours in Swedish, and leaves English as it is', async () => {
    await write('lisjp.json', {
      ...texts([
        category('KAT_1', 'Medicinsk behandling'),
        question('19', 'Ange pågående behandlingar', { parent: 'KAT_1' }),
        question('33.2', 'Beskriv skälen', { textIds: ['DFR_33.2.RBK'] }),
      ]),
      name: 'Läkarintyg för sjukpenning, FK 7804',
    })
    const ours = standardCatalogue().form('LISJP', '1.3')
    const form = load().form('LISJP', '1.3')
    expect(form?.name).toMatchObject({ sv: 'Läkarintyg för sjukpenning, FK 7804' })
    expect(labelOf(form, '19')).toEqual({
      sv: 'Ange pågående behandlingar',
      en: labelOf(ours, '19')?.en,
    })
    expect(labelOf(form, '33.2')?.sv).toBe('Beskriv skälen')
    expect(labelOf(form, '20')).toEqual(labelOf(ours, '20'))
    const heading = form?.sections.find(({ id }) => id === 'treatment')?.heading
    expect(heading).toEqual({ sv: 'Medicinsk behandling', en: 'Treatment' })
  })

  test('holds for the version that it was written for, and for no other', async () => {
    await write('lisjp.json', texts([question('19', 'Av myndigheten')]))
    const catalogue = load()
    const worded = ['1.3', '1', '1.2', '1.4', '2.0'].filter(
      (version) => labelOf(catalogue.form('LISJP', version), '19')?.sv === 'Av myndigheten',
    )
    expect(worded).toEqual(['1.3'])
  })

  test('is told by its text ids, not by an id that means something else there', async () => {
    const asked = question('1.1', 'Vad annat är', { textIds: ['DFR_1.3.RBK'] })
    await write('lisjp.json', texts([asked]))
    const form = load().form('LISJP', '1.3')
    const basis = form?.sections.flatMap(({ questions }) => questions).find(({ id }) => id === '1')
    expect(basis?.columns?.map(({ label }) => label.sv)).toEqual([
      'Underlag',
      'Datum',
      'Vad annat är',
    ])
  })

  test('says codes where the journal wrote no words for them', async () => {
    const options = [{ code: 'STUDIER', label: 'Att studera' }]
    await write(
      'lisjp.json',
      texts([question('28', 'I relation till', { codeSystem: 'KV_FKMU_0002', options })]),
    )
    const certificate = (displayName?: string) =>
      structureCertificate(
        parsedOf({ answers: svar('28', [['28.1', cv('STUDIER', 'KV_FKMU_0002', displayName)]]) }),
        { language: 'sv', catalogue: load() },
      )
        .sections.flatMap(({ items }) => items)
        .find(({ id }) => id === '28')?.value
    expect(certificate()).toMatchObject({ display: 'Att studera' })
    expect(certificate('Plugga')).toMatchObject({ display: 'Plugga' })
  })

  test('is text: marks of layout are left out', async () => {
    await write('lisjp.json', texts([question('25', '<p>Övriga <b>upplysningar</b></p>')]))
    expect(labelOf(load().form('LISJP', '1.3'), '25')?.sv).toBe('Övriga upplysningar')
  })

  test('gives the catalogue another revision, and each wording its own', async () => {
    await write('lisjp.json', texts([question('25', 'Ett')]))
    const one = load().revision
    expect(load().revision).toBe(one)
    await write('lisjp.json', texts([question('25', 'Två')]))
    expect(new Set([one, load().revision, standardCatalogue().revision]).size).toBe(3)
  })

  test('for a type that is never shown is passed by', async () => {
    await write('doi.json', texts([question('1', 'X')], { wireTypeCode: 'DOI' }))
    expect(load().form('DOI', '1.0')).toBeUndefined()
  })

  test.each([
    ['that is not JSON', '{', /a\.json: cannot be read as JSON/],
    ['of another form', texts([{ id: '', kind: 'X' }]), /a\.json: \/elements\/0\/id must/],
    ['of an unknown type', texts([], { wireTypeCode: 'NYTT' }), /a\.json: type NYTT is unknown/],
    [
      'of an unknown version',
      texts([], { version: '9.0' }),
      /a\.json: version 9\.0 of LISJP is unknown/,
    ],
    [
      'with a question that there is not',
      texts([question('19', 'A'), question('777', 'B')]),
      /a\.json: question 777 is unknown in LISJP 1/,
    ],
    [
      'with a text id that there is not',
      texts([question('19', 'A', { textIds: ['FRG_778.RBK'] })]),
      /a\.json: question 19 is unknown/,
    ],
  ])('with a file %s is refused, and says which file', async (_, content, message) => {
    await write('a.json', content)
    expect(load).toThrow(ConfigError)
    expect(load).toThrow(message)
    expect(load).toThrow(folder)
  })

  test('that says the same version twice is refused', async () => {
    await write('a.json', texts([]))
    await write('b.json', texts([]))
    expect(load).toThrow(/b\.json: LISJP 1\.3 stands in .*a\.json too/)
  })

  test('in a folder that is empty, or not there, is refused', async () => {
    expect(load).toThrow(/holds no texts/)
    expect(() => loadCatalogue({ texts: join(folder, 'none') })).toThrow(
      /cannot be read|can be read/,
    )
  })
})

describe('minor versions', () => {
  const label = (type: string, version: string) =>
    standardCatalogue()
      .form(type, version)
      ?.sections.flatMap(({ questions }) => questions)
      .find(({ id }) => id === '33')?.label.sv

  test('ask the question about working hours the other way round before 1.3', () => {
    const before = 'Arbetstiden bör minskas olika mycket olika dagar, av medicinska skäl'
    const since = 'Det blir svårare att återgå om arbetstiden inte minskas lika mycket varje dag'
    for (const version of ['1', '1.0', '1.2', ' 1.1']) expect(label('LISJP', version)).toBe(before)
    for (const version of ['1.3', '1.4', '1.10']) expect(label('LISJP', version)).toBe(since)
    expect(label('AG7804', '1.1')).toBe(before)
    expect(label('AG7804', '1.2')).toBe(since)
  })

  test.each(['', 'x', '1.x', '99', '1.99999999999999999999', '-1', '__proto__'])(
    'that are no version, like «%s», give a form or none, and never fail',
    (version) => {
      const form = standardCatalogue().form('LISJP', version)
      expect([undefined, 'LISJP']).toContain(form?.type)
    },
  )
})
