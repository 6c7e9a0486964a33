import fc from 'fast-check'
import { loadFonts } from '../src/drawing/fonts.ts'

const fonts = loadFonts()
const { regular } = fonts
const layOut = fonts.plainLayout.regular
const letters = Array.from(
  'abcdefghijklmnopqrstuvwxyzåäöéüABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÉłŁšŠıİ0123456789.,:;-–/()%&"’ ',
)

describe('the layout of plain words', () => {
  test('is what fontkit makes of them, or none at all', () => {
    let plain = 0
    const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(word, (text) => {
        const placed = layOut(text)
        if (placed === undefined) return
        plain += 1
        const { glyphs, positions } = regular.layout(text, undefined, 'latn')
        const scale = 1000 / regular.unitsPerEm
        expect(placed.map(({ glyph }) => glyph.id)).toEqual(glyphs.map(({ id }) => id))
        for (const [index, { xAdvance }] of positions.entries()) {
          expect(placed[index]!.advance).toBeCloseTo(xAdvance * scale, 6)
        }
      }),
      { numRuns: 2_000 },
    )
    expect(plain).toBeGreaterThan(1_000)
  })

  test.each(['office', 'flöde', 'x\u0301', 'Ωμέγα', 'Жизнь', 'שלום', '\u{1f600}'])(
    'leaves %s to fontkit',
    (text) => {
      expect(layOut(text)).toBeUndefined()
    },
  )
})
