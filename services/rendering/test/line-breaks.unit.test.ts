import fc from 'fast-check'
import { breakLines } from '../src/drawing/line-breaks.ts'
import { createLegibleText } from '../src/drawing/legible-text.ts'

/** Every character one wide. */
const measure = (text: string) => text.length
const lines = (text: string, width: number) => breakLines(text, width, measure)

describe('breakLines', () => {
  test('fills lines with whole words and keeps the line breaks of the writer', () => {
    expect(lines('ett två tre\n\nfyra', 8)).toEqual(['ett två ', 'tre', '', 'fyra'])
  })

  test('keeps indentation, and leaves out the spaces that a broken line begins with', () => {
    expect(lines('  - ett', 20)).toEqual(['  - ett'])
    expect(lines('ett    två', 4)).toEqual(['ett    ', 'två'])
  })

  test('ends lines at hyphens, slashes and zero-width spaces, and else cuts what is too long', () => {
    expect(lines('ab-cd/ef', 3)).toEqual(['ab-', 'cd/', 'ef'])
    expect(lines('abc\u200bdef', 4)).toEqual(['abc', 'def'])
    expect(lines('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
  })

  test('loses no character that can be seen, and holds the width', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '/', '\n'), maxLength: 80 })
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 20 }), (text, width) => {
        const broken = lines(text, width)
        expect(broken.join('').replaceAll(' ', '')).toBe(text.replace(/[ \n]/g, ''))
        for (const line of broken) expect(line.trim().length).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('legible text', () => {
  const legible = createLegibleText((codePoint) => codePoint < 0x500 || codePoint === 0xa0)

  test('knows every sign for the end of a line, and tabs', () => {
    expect(legible('a\r\nb\rc\u2028d\u0085e\ff\tg')).toBe('a\nb\nc\nd\ne\nf    g')
  })

  test('names what cannot be drawn, controls among them, and leaves out what has no look', () => {
    expect(legible('x\u0000y\u009fz →\u{1f600}')).toBe('x[U+0000]y[U+009F]z [U+2192][U+1F600]')
    expect(legible('a\u200d\u2066\ufeff\u00adb')).toBe('ab')
  })

  test('composes letters and takes the letters for ligatures', () => {
    expect(legible('a\u030a \ufb01n \u2011')).toBe('å fin -')
  })
})
