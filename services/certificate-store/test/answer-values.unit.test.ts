import { cv, svar } from './documents.ts'
import { structured, valueOf } from './structured.ts'

const answer = (id: string, content: string, type = 'LISJP', version = '1.3') =>
  valueOf(id, {
    type,
    version,
    answers: svar(id.split('.')[0]!, [[id.includes('.') ? id : `${id}.1`, content]]),
  })

describe('the value of an answer', () => {
  test.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('reads %s as a yes or no where the form asks for one', (text, value) => {
    expect(answer('34', text)).toEqual({ type: 'boolean', value })
  })

  test('keeps what a doctor wrote where a yes or no was asked for', () => {
    expect(answer('34', 'kanske')).toEqual({ type: 'text', text: 'kanske' })
  })

  test('leaves the text "true" a text where text was asked for', () => {
    expect(answer('25', 'true')).toEqual({ type: 'text', text: 'true' })
  })

  test('keeps line breaks, entities and CDATA in text', () => {
    expect(answer('25', 'a &amp; b\r\n\r\n<![CDATA[<c>]]>')).toEqual({
      type: 'text',
      text: 'a & b\n\n<c>',
    })
  })

  test.each([
    ['a date', '2026-05-17', { type: 'date', date: '2026-05-17' }],
    ['a date that does not exist', '2026-02-31', { type: 'text', text: '2026-02-31' }],
    ['words', 'i maj', { type: 'text', text: 'i maj' }],
  ])('reads %s', (_, text, value) => {
    expect(answer('54', text, 'IGRAV', '1.0')).toEqual(value)
  })

  test.each([
    ['YYYY', '1998'],
    ['YYYY-MM', '1998-11'],
  ])('reads the part of a date that was known, %s', (format, value) => {
    const content = `<t:partialDate><t:format>${format}</t:format><t:value>${value}</t:value></t:partialDate>`
    expect(answer('35', content, 'TSTRK1031', '4.0')).toEqual({ type: 'date', date: value })
  })

  test('reads quantities, and keeps the ones that are no numbers', () => {
    const pq = (value: string) => `<t:pq><t:value>${value}</t:value><t:unit>h</t:unit></t:pq>`
    expect(answer('2.3', pq('12.5'), 'AF00251', '1.0')).toEqual({
      type: 'quantity',
      value: 12.5,
      unit: 'h',
    })
    expect(answer('2.3', pq('många'), 'AF00251', '1.0')).toEqual({ type: 'text', text: 'många h' })
    expect(answer('7', '50', 'AG1-14', '2.0')).toEqual({ type: 'quantity', value: 50, unit: '%' })
  })

  test('shows the words that came with a code, else our own, else the code alone', () => {
    const code = (value: string, words?: string) => answer('39', cv(value, 'KV_FKMU_0006', words))
    expect(code('PROGNOS_OKLAR', 'Oklar prognos')).toHaveProperty('display', 'Oklar prognos')
    expect(code(' PROGNOS_OKLAR ')).toMatchObject({
      code: 'PROGNOS_OKLAR',
      display: 'Oklart när det går att återgå',
    })
    expect(code('constructor')).toEqual({
      type: 'code',
      code: 'constructor',
      system: 'KV_FKMU_0006',
      display: null,
    })
  })

  test('knows a code system by its older name', () => {
    expect(answer('39', cv('PROGNOS_OKLAR', 'FKMU_0006'))).toHaveProperty(
      'display',
      'Oklart när det går att återgå',
    )
  })

  test('speaks English when asked', () => {
    const parts = { answers: svar('39', [['39.1', cv('PROGNOS_OKLAR', 'KV_FKMU_0006', 'Oklart')]]) }
    expect(valueOf('39', parts, 'en')).toHaveProperty(
      'display',
      'Unclear when a return is possible',
    )
    expect(structured(parts, 'en').type.name).toBe('Medical certificate for sickness benefit')
  })
})
