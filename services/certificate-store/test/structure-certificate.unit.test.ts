import { Value } from 'typebox/value'
import { Certificate } from '@minaintyg/certificate-model'
import { certificateFromDocument } from '../src/structure/certificate-from-document.ts'
import { cv, datePeriod, svar } from './documents.ts'
import { parsedOf, structured, valueOf } from './structured.ts'

describe('structureCertificate', () => {
  test('puts pairs of diagnoses within one answer in rows', () => {
    const answers = svar('6', [
      ['6.1', 'Ländryggsvärk'],
      ['6.2', cv('M545', '1.2.752.116.1.1.1')],
      ['6.4', cv('F430', '1.2.752.116.1.1.1.1.3')],
      ['6.5', 'Oklar trötthet'],
    ])
    expect(valueOf('6', { answers })).toMatchObject({
      rows: [
        [{ text: 'Ländryggsvärk' }, { code: 'M545' }],
        [{ type: 'notStated' }, { code: 'F430' }],
        [{ text: 'Oklar trötthet' }, { type: 'notStated' }],
      ],
    })
  })

  test('puts diagnoses that came as an answer each in rows', () => {
    const one = (text: string, code: string, instance: number) =>
      svar(
        '58',
        [
          ['58.1', text],
          ['58.2', cv(code, '1.2.752.116.1.1.1.1.8')],
        ],
        instance,
      )
    const parts = {
      type: 'LUNSP',
      version: '1.0',
      answers: one('Två', 'B2', 2) + one('Ett', 'A1', 1),
    }
    expect(valueOf('58', parts)).toMatchObject({
      rows: [
        [{ text: 'Ett' }, { code: 'A1' }],
        [{ text: 'Två' }, { code: 'B2' }],
      ],
    })
    expect(structured(parts).summary).toEqual({ label: 'Gäller diagnos', value: 'Ett, Två' })
  })

  const leave = [
    svar(
      '32',
      [
        ['32.1', cv('HALFTEN', 'KV_FKMU_0003')],
        ['32.2', datePeriod('2026-03-10', '2026-03-20')],
      ],
      2,
    ),
    svar(
      '32',
      [
        ['32.1', cv('HELT_NEDSATT', 'KV_FKMU_0003')],
        ['32.2', datePeriod('2026-03-01', '2026-03-09')],
      ],
      1,
    ),
  ].join('')

  test('puts sick leave in rows by instance, and spans its period', () => {
    expect(valueOf('32', { answers: leave })).toMatchObject({
      columns: [{ id: '32.1' }, { id: '32.2' }],
      rows: [
        [
          { code: 'HELT_NEDSATT', display: '100 procent' },
          { from: '2026-03-01', to: '2026-03-09' },
        ],
        [{ code: 'HALFTEN' }, { from: '2026-03-10', to: '2026-03-20' }],
      ],
    })
    expect(structured({ answers: leave })).toMatchObject({
      period: { from: '2026-03-01', to: '2026-03-20' },
      summary: { label: 'Gäller perioden', value: '2026-03-01 – 2026-03-20' },
    })
  })

  test('shows a period with an impossible date as it was written', () => {
    const answers = svar('32', [['32.2', datePeriod('2026-02-30', '2026-03-09')]])
    expect(valueOf('32', { answers })).toMatchObject({
      rows: [[{ type: 'notStated' }, { type: 'text', text: '2026-02-30 – 2026-03-09' }]],
    })
    expect(structured({ answers }).period).toEqual({ from: null, to: '2026-03-09' })
  })

  test('keeps a part that the table does not know as a column under its id', () => {
    const answers = svar('32', [
      ['32.1', cv('HALFTEN', 'KV_FKMU_0003')],
      ['32.7', 'bara udda veckor'],
    ])
    expect(valueOf('32', { answers })).toMatchObject({
      columns: [{ id: '32.1' }, { id: '32.7', label: 'Fråga 32.7' }],
      rows: [[{ code: 'HALFTEN' }, { text: 'bara udda veckor' }]],
    })
  })

  test('keeps a part that the form does not know beside its question', () => {
    const { sections } = structured({
      answers: svar('33', [
        ['33.1', 'true'],
        ['33.9', 'mer'],
      ]),
    })
    const items = sections.find(({ id }) => id === 'assessment')!.items
    expect(items.slice(items.findIndex(({ id }) => id === '33')).slice(0, 2)).toMatchObject([
      { id: '33', value: { value: true } },
      { id: '33.9', label: 'Fråga 33.9', value: { text: 'mer' } },
    ])
  })

  test('shows unknown questions, types and versions under their ids', () => {
    const answers =
      svar('777', [['777.1', 'hej']]) + svar('8', [['8.1', 'a']], 1) + svar('8', [['8.1', 'b']], 2)
    for (const parts of [{ answers }, { answers, type: 'NYTT' }, { answers, version: '99' }]) {
      expect(structured(parts).sections.at(-1)).toMatchObject({
        heading: 'Övriga uppgifter',
        items: [
          { id: '777', label: 'Fråga 777', value: { text: 'hej' } },
          { id: '8', value: { items: [{ text: 'a' }, { text: 'b' }] } },
        ],
      })
    }
    expect(structured({ type: 'NYTT' }).type.name).toBe('NYTT')
  })

  test('shows an extension of the certificate that it knows nothing of', () => {
    const { sections } = structured({
      more: '<x:notis xmlns:x="urn:x"><x:rad>ett</x:rad><x:rad>två</x:rad></x:notis>',
    })
    expect(sections.at(-1)).toMatchObject({
      id: 'notis',
      items: [{ id: 'notis.rad', value: { items: [{ text: 'ett' }, { text: 'två' }] } }],
    })
  })

  test('takes the two models of LISJP apart', () => {
    const ids = (version: string) => structured({ version }).sections.map(({ id }) => id)
    expect(ids('1.3')).toContain('consequences')
    expect(ids('2.0')).toContain('prognosis')
  })

  test('takes question 200 of ts-diabetes for what it is in version 4 alone', () => {
    const label = (version: string) =>
      structured({ type: 'ts-diabetes', version, answers: svar('200', [['200.1', 'true']]) })
        .sections.flatMap(({ items }) => items)
        .find(({ id }) => id === '200')?.label
    expect(label('4.0')).toBe('Har tillräcklig kontroll över risken för lågt blodsocker')
    expect(label('2.8')).toBe('Fråga 200')
  })

  test('says that a question was left unanswered, and leaves follow-ups out', () => {
    const items = structured({}).sections.flatMap((section) => section.items)
    expect(items.find(({ id }) => id === '25')?.value).toEqual({ type: 'notStated' })
    expect(items.find(({ id }) => id === '33.2')).toBeUndefined()
  })

  test('puts visual acuity in a table of eyes', () => {
    const answers = svar('5', [
      ['5.1', '0,8'],
      ['5.5', '1,0'],
    ])
    expect(valueOf('5', { type: 'TS8071', version: '2.0', answers })).toMatchObject({
      columns: [{ label: '' }, { label: 'Utan korrektion' }, { label: 'Med korrektion' }],
      rows: [
        [{ text: 'Höger öga' }, { text: '0,8' }, { type: 'notStated' }],
        [{ text: 'Vänster öga' }, { type: 'notStated' }, { text: '1,0' }],
      ],
    })
  })

  test('knows the facts that actions depend on', () => {
    const facts = structured({
      type: 'AG7804',
      answers: svar('27', [['27.1', 'true']]) + svar('100', [['100.1', 'false']]),
    }).facts
    expect(facts).toMatchObject({ infectionControl: true, tellEmployer: false, diagnoses: [] })
    expect(structured({}).facts).toMatchObject({ infectionControl: false, tellEmployer: null })
  })

  test('reads a hundred thousand answers in seconds', () => {
    const answers = Array.from({ length: 100_000 }, (_, index) =>
      svar('9001', [['9001.1', `${index}`]]),
    )
    const value = valueOf('9001', { answers: answers.join('') })
    expect(value).toHaveProperty('items.length', 100_000)
  })
})

describe('certificateFromDocument', () => {
  test('gives the whole certificate as the contract has it', () => {
    const certificate = certificateFromDocument(parsedOf({}), { language: 'sv' })
    expect(Value.Check(Certificate, certificate)).toBe(true)
    expect(certificate).toMatchObject({
      issuer: { name: 'Doktor Berg', titles: ['Legitimerad läkare'] },
      patient: { personalIdentityNumberMasked: '19121212-••••' },
      events: [{ kind: 'issued', at: '2026-03-01T09:15:00.000Z' }],
      actions: { read: { allowed: true }, send: { allowed: true, recipients: [{ id: 'FKASSA' }] } },
    })
  })

  test('gives the same id each time, and another to another certificate', () => {
    const idOf = (id: string) => certificateFromDocument(parsedOf({ id }), { language: 'sv' }).id
    expect(idOf('x')).toBe(idOf('x'))
    expect(idOf('x')).not.toBe(idOf('y'))
    expect(idOf('x')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('stands a signing time that does not exist', () => {
    const certificate = certificateFromDocument(parsedOf({ signed: '2026-02-31T10:00:00' }), {
      language: 'sv',
    })
    expect(certificate).toMatchObject({ issuedAt: null, events: [] })
  })
})
