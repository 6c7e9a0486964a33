import type { Font, Glyph } from 'fontkit'

export interface PlacedGlyph {
  glyph: Glyph
  /** Thousandths of the size, the distance to the next letter included. */
  advance: number
}

/** Latin letters, digits and the signs of plain text; no marks that combine. */
const isPlain = (code: number) =>
  (code >= 0x20 && code < 0x7f) ||
  (code > 0xa0 && code < 0x250) ||
  (code >= 0x2010 && code <= 0x2026)

/**
 * Lays out words in which no letter changes another but for the distance between two: most of them. The whole of
 * OpenType, which fontkit does for every word anew, is asked once for each pair of letters. What is remembered is
 * of the font, nothing of a document. @returns undefined for a word that needs the whole
 */
export function createPlainLayout(font: Font) {
  const scale = 1000 / font.unitsPerEm
  const pairs = new Map<number, number | undefined>()

  function measurePair(first: number, second: number): number | undefined {
    const { glyphs, positions } = font.layout(String.fromCharCode(first, second), undefined, 'latn')
    const [one, two] = glyphs
    const isUnchanged =
      glyphs.length === 2 &&
      one?.id === font.glyphForCodePoint(first).id &&
      two?.id === font.glyphForCodePoint(second).id &&
      positions.every(({ xOffset, yOffset }) => xOffset === 0 && yOffset === 0)
    return isUnchanged ? (positions[0]?.xAdvance ?? 0) * scale : undefined
  }
  function advanceOf(first: number, second: number): number | undefined {
    const key = first * 0x10000 + second
    if (!pairs.has(key)) pairs.set(key, measurePair(first, second))
    return pairs.get(key)
  }

  return (text: string): PlacedGlyph[] | undefined => {
    const placed: PlacedGlyph[] = []
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (!isPlain(code)) return undefined
      const glyph = font.glyphForCodePoint(code)
      const isLast = at === text.length - 1
      const advance = isLast ? glyph.advanceWidth * scale : advanceOf(code, text.charCodeAt(at + 1))
      if (advance === undefined) return undefined
      placed.push({ glyph, advance })
    }
    return placed
  }
}
export type PlainLayout = ReturnType<typeof createPlainLayout>
