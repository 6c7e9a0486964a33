import { embeddedFont, useOnPage } from './embedded-font.ts'
import type { EmbeddedFont } from './embedded-font.ts'
import type { FontName, Fonts } from './fonts.ts'
import { runsOf } from './line-direction.ts'
import type { Run } from './line-direction.ts'
import type { Doc } from './doc.ts'
import type { TextStyle } from './styles.ts'
import { symbolFontId, symbolPattern } from './symbols.ts'
import type { SymbolFont } from './symbols.ts'

/** A word as it is drawn: the inside of a TJ operator. */
interface Word {
  /** Thousandths of the size of the type. */
  readonly width: number
  readonly show: string | ((size: number) => string)
  readonly hasSymbol: boolean
}

interface Face {
  readonly font: EmbeddedFont
  readonly words: Map<string, Word>
  readonly rightToLeft: Map<string, Word>
}

const createFace = (doc: Doc, name: FontName, fonts: Fonts): Face => ({
  font: embeddedFont(doc, name, fonts),
  words: new Map(),
  rightToLeft: new Map(),
})

/** Of Open Sans: ascender and descender together. */
const naturalLeading = 1.362
const words = /[^ ]* |[^ ]+/g
const number = (value: number) => String(Math.round(value * 1000) / 1000)

/** Marks that stand above or below a letter are moved there and back. */
const raised = (glyph: string, x: number, y: number) => (size: number) =>
  `] TJ ${number((y * size) / 1000)} Ts [${-x} <${glyph}> ${x}] TJ 0 Ts [`

function encodeText(
  font: EmbeddedFont,
  text: string,
  isRightToLeft: boolean,
): Omit<Word, 'hasSymbol'> {
  const parts: Word['show'][] = []
  let run = ''
  let width = 0
  const endRun = () => {
    if (run !== '') parts.push(`<${run}>`)
    run = ''
  }
  for (const glyph of isRightToLeft ? font.setRightToLeft(text) : font.set(text)) {
    const { code, xOffset, yOffset } = glyph
    const advance = Math.round(glyph.advance)
    width += advance
    if (xOffset !== 0 || yOffset !== 0) {
      endRun()
      parts.push(raised(code, Math.round(xOffset), yOffset))
    } else run += code
    const kerning = Math.round(glyph.width) - advance
    if (kerning === 0) continue
    endRun()
    parts.push(`${kerning}`)
  }
  endRun()
  if (parts.every((part) => typeof part === 'string')) return { width, show: parts.join(' ') }
  const show = (size: number) => parts.map((part) => shown({ show: part }, size)).join(' ')
  return { width, show }
}

const shown = ({ show }: Pick<Word, 'show'>, size: number) =>
  typeof show === 'string' ? show : show(size)

function encodeWord(
  font: EmbeddedFont,
  symbols: SymbolFont,
  text: string,
  isRightToLeft: boolean,
): Word {
  if (!symbolPattern.test(text)) {
    return { ...encodeText(font, text, isRightToLeft), hasSymbol: false }
  }
  const parts = text
    .split(symbolPattern)
    .filter((part) => part !== '')
    .map((part) => {
      if (!symbolPattern.test(part)) return encodeText(font, part, isRightToLeft)
      const { code, width } = symbols.find(part)
      const show = (size: number) =>
        `] TJ /${symbolFontId} ${size} Tf <${code}> Tj /${font.id} ${size} Tf [`
      return { width, show }
    })
  if (isRightToLeft) parts.reverse()
  return {
    width: parts.reduce((sum, { width }) => sum + width, 0),
    show: (size) => parts.map((part) => shown(part, size)).join(' '),
    hasSymbol: true,
  }
}

const widthOf = (row: readonly Word[]) => row.reduce((sum, { width }) => sum + width, 0)

const showRow = (row: readonly Word[], size: number) =>
  row.length === 0 ? '' : `[${row.map((word) => shown(word, size)).join(' ')}] TJ `

/** Draws runs in the order that they are read, each where it is seen, so that the text layer stays as it was written. */
function showRuns(runs: readonly (Run & { row: readonly Word[] })[], size: number): string {
  let x = 0
  const shows = runs.map(({ row, place }) => {
    const before = runs.filter((other) => other.place < place).flatMap((other) => other.row)
    const left = (widthOf(before) * size) / 1000
    const move = `${number(left - x)} 0 Td `
    x = left
    return `${move}${showRow(row, size)}`
  })
  return `${shows.join('')}${number(-x)} 0 Td `
}

function inkOf(color: string): string {
  const value = Number.parseInt(color.slice(1), 16)
  const parts = [value >> 16, (value >> 8) & 0xff, value & 0xff]
  return `${parts.map((part) => number(part / 255)).join(' ')} rg`
}

export interface Typesetter {
  measure: (text: string, style: TextStyle) => number
  /** Lines below one another; (x, y) is the upper left corner of the first. */
  draw: (lines: readonly string[], style: TextStyle, x: number, y: number) => void
}

/** Sets type. Each word is laid out once in a document, for measuring and for every time that it is drawn. */
export function createTypesetter(doc: Doc, fonts: Fonts, symbols: SymbolFont): Typesetter {
  const faces = new Map<FontName, Face>()
  const inks = new Map<string, string>()

  function faceOf(name: FontName): Face {
    let face = faces.get(name)
    if (face === undefined) faces.set(name, (face = createFace(doc, name, fonts)))
    return face
  }
  function wordOf(face: Face, text: string, isRightToLeft = false): Word {
    const known = isRightToLeft ? face.rightToLeft : face.words
    let word = known.get(text)
    if (word === undefined) {
      known.set(text, (word = encodeWord(face.font, symbols, text, isRightToLeft)))
    }
    return word
  }
  function inkFor(color: string): string {
    let ink = inks.get(color)
    if (ink === undefined) inks.set(color, (ink = inkOf(color)))
    return ink
  }

  return {
    measure(text, style) {
      const face = faceOf(style.font)
      let width = 0
      for (const [word] of text.matchAll(words)) width += wordOf(face, word).width
      return (width * style.size) / 1000
    },

    draw(lines, style, x, y) {
      const face = faceOf(style.font)
      const { font } = face
      const { size, leading } = style
      // The line's height is shared out above and below the letters.
      const above = (leading - size * naturalLeading) / 2 + (font.ascender * size) / 1000
      const rowOf = ({ text, isRightToLeft }: Run) =>
        Array.from(text.matchAll(words), ([word]) => wordOf(face, word, isRightToLeft))
      const rows = lines.map((line) =>
        (runsOf(line) ?? [{ text: line, place: 0, isRightToLeft: false }]).map((run) => ({
          ...run,
          row: rowOf(run),
        })),
      )
      const shows = rows.map((runs) => {
        const [first] = runs
        const show = runs.length === 1 && first ? showRow(first.row, size) : showRuns(runs, size)
        return `${show}T*`
      })
      const hasSymbol = rows.some((runs) =>
        runs.some(({ row }) => row.some((word) => word.hasSymbol)),
      )
      useOnPage(doc, font.id, () => font.ref())
      if (hasSymbol) useOnPage(doc, symbolFontId, symbols.ref)
      doc.addContent(
        `BT ${inkFor(style.color)} /${font.id} ${size} Tf ${leading} TL ` +
          `1 0 0 -1 ${number(x)} ${number(y + above)} Tm\n${shows.join('\n')}\nET`,
      )
    },
  }
}
