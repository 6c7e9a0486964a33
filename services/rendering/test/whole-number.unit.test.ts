import { wholeNumber } from '../src/drawing/whole-number.ts'

const find = (document: string, masked: string | null = '19121212-••••') =>
  wholeNumber(Buffer.from(document), masked)

describe('the whole number of a patient', () => {
  test('is the one in the document that fits the mask, however often it stands there', () => {
    const id = '<extension>191212121212</extension>'
    expect(find(`<a>${id}<b>${id}</b><hsa>SE198503179809-1</hsa></a>`)).toBe('19121212-1212')
  })

  test('may be a coordination number', () => {
    expect(find('<extension>199106902381</extension>', '19910690-••••')).toBe('19910690-2381')
  })

  test.each([
    ['no number fits the mask', '<extension>198503179809</extension>'],
    ['the check digit does not hold', '<extension>191212121213</extension>'],
    ['it is a part of a longer number', '<id>1912121212120</id><id>9191212121212</id>'],
    ['two numbers fit', '<id>191212121212</id><id>191212121220</id>'],
  ])('is not told where %s', (_why, document) => {
    expect(find(document)).toBeUndefined()
  })

  test('is not told where there is no mask to fit', () => {
    expect(find('<extension>191212121212</extension>', null)).toBeUndefined()
  })
})
