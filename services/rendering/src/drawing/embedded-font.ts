import type { Glyph } from 'fontkit'
import type { FontName, Fonts } from './fonts.ts'
import type { Doc } from './doc.ts'
import { mirrored } from './line-direction.ts'

/** A glyph of the document's subset, as four hexadecimal digits; the rest in thousandths of the size. */
export interface SetGlyph {
  code: string
  width: number
  advance: number
  xOffset: number
  yOffset: number
}

interface GlyphPosition {
  xAdvance: number
  advanceWidth: number
  xOffset: number
  yOffset: number
}

/** A font as pdfkit embeds it; its types do not show it. */
interface PdfkitFont {
  readonly id: string
  readonly ascender: number
  readonly scale: number
  readonly unicode: (readonly number[])[]
  readonly widths: number[]
  readonly subset: { readonly glyphs: number[]; includeGlyph(id: number): number }
  encode(text: string): [codes: string[], positions: GlyphPosition[]]
  ref(): object
}

interface Inner {
  _font: PdfkitFont
  page: { fonts: Record<string, object> }
}
const inner = (doc: Doc) => doc as unknown as Inner

export interface EmbeddedFont extends Pick<PdfkitFont, 'id' | 'ascender' | 'ref'> {
  set(text: string): SetGlyph[]
  /** From the right, brackets mirrored (Unicode, annex 9, rule L4); the text layer has them as they are written. */
  setRightToLeft(text: string): SetGlyph[]
}

const codeOf = (number: number) => number.toString(16).padStart(4, '0')

export function embeddedFont(doc: Doc, name: FontName, fonts: Fonts): EmbeddedFont {
  doc.font(name)
  const font = inner(doc)._font
  const { widths, unicode, scale } = font
  // What no glyph stands for is never drawn, but U+0000 is no character that a text layer may name.
  unicode[0] = [0xfffd]
  const layOut = fonts.plainLayout[name]
  const face = fonts[name]

  function set(text: string): SetGlyph[] {
    const placed = layOut(text)
    if (placed === undefined) {
      const [codes, positions] = font.encode(text)
      return positions.map(({ xAdvance, advanceWidth, xOffset, yOffset }, index) => {
        const code = codes[index] ?? codeOf(0)
        return { code, width: advanceWidth, advance: xAdvance, xOffset, yOffset }
      })
    }
    return placed.map(({ glyph, advance }) => {
      const number = font.subset.includeGlyph(glyph.id)
      const width = glyph.advanceWidth * scale
      widths[number] ??= width
      unicode[number] ??= glyph.codePoints
      return { code: codeOf(number), width, advance, xOffset: 0, yOffset: 0 }
    })
  }

  const mirrors = new Map<string, number>()
  /** The glyph of the mirror image, once more in the subset: under a number of its own it stands for another character. */
  function mirrorOf(character: string, glyph: Glyph): number {
    let number = mirrors.get(character)
    if (number === undefined) {
      number = font.subset.glyphs.push(glyph.id) - 1
      mirrors.set(character, number)
      unicode[number] = [character.codePointAt(0) ?? 0]
    }
    return number
  }
  const mirrorImage = (character: string) => {
    const image = mirrored(character)
    return image !== undefined && face.hasGlyphForCodePoint(image.codePointAt(0) ?? 0)
      ? image
      : undefined
  }

  function setRightToLeft(text: string): SetGlyph[] {
    const images = Array.from(text, (character) => mirrorImage(character) ?? character).join('')
    const { glyphs, positions } = face.layout(images, undefined, undefined, undefined, 'rtl')
    return glyphs.map((glyph, index) => {
      // Every bracket of the text has been exchanged for its image, so that the image of this one is what is written.
      const written = mirrorImage(String.fromCodePoint(...glyph.codePoints))
      const number =
        written === undefined ? font.subset.includeGlyph(glyph.id) : mirrorOf(written, glyph)
      const width = glyph.advanceWidth * scale
      widths[number] ??= width
      unicode[number] ??= glyph.codePoints
      const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {}
      const [advance, x, y] = [xAdvance * scale, xOffset * scale, yOffset * scale]
      return { code: codeOf(number), width, advance, xOffset: x, yOffset: y }
    })
  }
  return { id: font.id, ascender: font.ascender, ref: () => font.ref(), set, setRightToLeft }
}

/** Makes a font known to the page that is drawn on. */
export function useOnPage(doc: Doc, id: string, ref: () => object): void {
  inner(doc).page.fonts[id] ??= ref()
}
