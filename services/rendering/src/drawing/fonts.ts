import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create } from 'fontkit'
import type { Font } from 'fontkit'

export type FontName = 'regular' | 'semibold'
export type Fonts = Readonly<Record<FontName, Font>>

const files: Record<FontName, string> = {
  regular: '400Regular/OpenSans_400Regular.ttf',
  semibold: '600SemiBold/OpenSans_600SemiBold.ttf',
}

function parse(file: string): Font {
  const { resolve } = createRequire(import.meta.url)
  const font = create(readFileSync(resolve(`@expo-google-fonts/open-sans/${file}`)))
  if (!('layout' in font)) throw new Error(`${file} holds no single font`)
  return font
}

/** Parses the fonts: once for each worker, as it takes longer than a document does. */
export function loadFonts(): Fonts {
  return { regular: parse(files.regular), semibold: parse(files.semibold) }
}

/**
 * A glyph keeps the characters that it was first asked for, and they become the text layer: without this,
 * what one document holds would change the bytes of the next one.
 */
export function forgetGlyphs(fonts: Fonts): void {
  for (const font of Object.values(fonts)) (font as unknown as { _glyphs: object })._glyphs = {}
}

/** Whether every weight can draw the character. */
export const canDraw = (fonts: Fonts) => (codePoint: number) =>
  Object.values(fonts).every((font) => font.hasGlyphForCodePoint(codePoint))
