import PDFDocument from 'pdfkit'
import { embeddedFont } from '../src/drawing/embedded-font.ts'
import { loadFonts } from '../src/drawing/fonts.ts'

const fonts = loadFonts()
const { regular } = fonts

/** The font of a new document, and what it knows of the glyphs with these codes: their shapes, and what the text layer says. */
function setUp() {
  const doc = new PDFDocument({ font: '' })
  doc.registerFont('regular', regular as unknown as Uint8Array)
  const font = embeddedFont(doc, 'regular', fonts)
  const { subset, unicode } = (
    doc as unknown as { _font: { subset: { glyphs: number[] }; unicode: number[][] } }
  )._font
  const shapes = (codes: { code: string }[]) =>
    codes.map(({ code }) => subset.glyphs[Number.parseInt(code, 16)])
  const said = (codes: { code: string }[]) =>
    String.fromCodePoint(...codes.flatMap(({ code }) => unicode[Number.parseInt(code, 16)] ?? []))
  return { font, shapes, said }
}
const shapeOf = (character: string) => regular.glyphForCodePoint(character.codePointAt(0) ?? 0).id

describe('a word that runs right to left', () => {
  test.each([
    ['(שלום)', ')םולש(', '(םולש)'],
    [').', '.)', '.('],
    ['«12»', '»21«', '«21»'],
    ['"א"', '"א"', '"א"'],
  ])('%s is seen mirrored, and said as it is written', (word, saidFromLeft, seenFromLeft) => {
    const { font, shapes, said } = setUp()
    const glyphs = font.setRightToLeft(word)
    expect(said(glyphs)).toBe(saidFromLeft)
    expect(shapes(glyphs)).toEqual(Array.from(seenFromLeft, shapeOf))
  })

  test('leaves brackets of other words as they are', () => {
    const { font, shapes, said } = setUp()
    const before = font.set('(a)')
    font.setRightToLeft('(א)')
    const after = font.set('(b)')
    for (const glyphs of [before, after]) expect(shapes(glyphs)[0]).toBe(shapeOf('('))
    expect([said(before), said(after)]).toEqual(['(a)', '(b)'])
  })

  test('is as wide as the same word seen from the other side', () => {
    const { font } = setUp()
    const widthOf = (glyphs: { advance: number }[]) =>
      glyphs.reduce((sum, { advance }) => sum + advance, 0)
    expect(widthOf(font.setRightToLeft('שלום'))).toBeCloseTo(widthOf(font.set('שלום')), 6)
  })
})
