import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create } from 'fontkit'
import type { Font } from 'fontkit'
import { createPlainLayout } from './plain-layout.ts'
import type { PlainLayout } from './plain-layout.ts'
import { isSymbol } from './symbols.ts'

export type FontName = 'regular' | 'semibold'
export interface Fonts extends Readonly<Record<FontName, Font>> {
  readonly plainLayout: Readonly<Record<FontName, PlainLayout>>
  /** So that nothing of one document decides over the bytes of the next. */
  forgetDocument(): void
}

const files: Record<FontName, string> = {
  regular: '400Regular/OpenSans_400Regular.ttf',
  semibold: '600SemiBold/OpenSans_600SemiBold.ttf',
}

/** What fontkit keeps of glyphs that it has met, by glyph id. */
interface GlyphMemory {
  _glyphs: Record<number, { codePoints: number[] }>
}
const memoryOf = (font: Font) => font as unknown as GlyphMemory

const ligatures = ['ff', 'fi', 'fl', 'ffi', 'ffl', 'st', 'st']
const firstLigature = 0xfb00

/**
 * A glyph keeps the characters that it was first asked for, and they become the text layer. Here every
 * glyph is asked for its own character, and a ligature for its letters, before any document is.
 */
function meetGlyphs(font: Font): GlyphMemory['_glyphs'] {
  for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint)
  for (const [index, letters] of ligatures.entries()) {
    if (!font.hasGlyphForCodePoint(firstLigature + index)) continue
    const glyph = font.glyphForCodePoint(firstLigature + index)
    glyph.codePoints = Array.from(letters, (letter) => letter.charCodeAt(0))
  }
  return memoryOf(font)._glyphs
}

function load(file: string): Font {
  const { resolve } = createRequire(import.meta.url)
  const font = create(readFileSync(resolve(`@expo-google-fonts/open-sans/${file}`)))
  if (!('layout' in font)) throw new Error('The file holds no single font')
  return font
}

/** Parses the fonts: once for each worker, as it takes longer than a document does. */
export function loadFonts(): Fonts {
  const regular = load(files.regular)
  const semibold = load(files.semibold)
  const known = { regular: meetGlyphs(regular), semibold: meetGlyphs(semibold) }
  return {
    regular,
    semibold,
    plainLayout: { regular: createPlainLayout(regular), semibold: createPlainLayout(semibold) },
    forgetDocument() {
      memoryOf(regular)._glyphs = { ...known.regular }
      memoryOf(semibold)._glyphs = { ...known.semibold }
    },
  }
}

/** Whether every weight can draw the character, or it is drawn as a symbol. */
export const canDraw = (fonts: Fonts) => (codePoint: number) =>
  isSymbol(codePoint) ||
  [fonts.regular, fonts.semibold].every((font) => font.hasGlyphForCodePoint(codePoint))
