import type PDFDocument from 'pdfkit'
import type { FontName } from './fonts.ts'
import type { LegibleText } from './legible-text.ts'
import { breakLines } from './line-breaks.ts'
import { colors } from './styles.ts'
import type { TextStyle } from './styles.ts'

export type Doc = InstanceType<typeof PDFDocument>
export type Element = ReturnType<Doc['struct']>

/** Lines of one structure element; they may come to stand on several pages. */
export interface Passage {
  readonly element: Element
  readonly tag: string
  readonly style: TextStyle
  readonly lines: readonly string[]
}
export interface Column {
  readonly x: number
  readonly passages: readonly Passage[]
}

/** Of Open Sans: ascender and descender together. */
const naturalLeading = 1.362

export interface SheetArea {
  left: number
  width: number
  top: number
  bottom: number
}

/** Where the next line goes, over as many pages as it takes. */
export interface Sheet {
  readonly doc: Doc
  readonly left: number
  readonly width: number
  y: number
  room(): number
  newPage(): void
  /** A new page unless so much room is left. */
  reserve(height: number): void
  space(height: number): void
  element(parent: Element, tag: string, options?: { scope?: 'Column' | 'Row' }): Element
  lines(text: string, style: TextStyle, width: number): string[]
  measure(text: string, style: TextStyle): number
  drawLines(lines: readonly string[], style: TextStyle, x: number, y: number): void
  rule(y: number, color?: string): void
  artifact(draw: () => void): void
  onNewPage: (() => void) | undefined
}

/** Sets type and measures it; each word is measured once in a document. */
function createTypesetter(doc: Doc) {
  const measured = new Map<TextStyle, Map<string, number>>()
  let current: FontName | undefined

  function choose({ font, size }: TextStyle): void {
    if (font !== current) doc.font((current = font))
    doc.fontSize(size)
  }
  function measure(text: string, style: TextStyle): number {
    choose(style)
    return doc.widthOfString(text)
  }
  return {
    measure,
    measureWord: (text: string, style: TextStyle): number => {
      let widths = measured.get(style)
      if (widths === undefined) measured.set(style, (widths = new Map<string, number>()))
      let width = widths.get(text)
      if (width === undefined) widths.set(text, (width = measure(text, style)))
      return width
    },
    drawLines: (lines: readonly string[], style: TextStyle, x: number, y: number): void => {
      choose(style)
      doc.fillColor(style.color)
      const above = (style.leading - style.size * naturalLeading) / 2
      for (const [index, line] of lines.entries()) {
        // Both measurements are known to be of no use here, and cost as much as the drawing.
        const known = { lineBreak: false, textWidth: 0, wordCount: 1 }
        if (line !== '') doc.text(line, x, y + above + index * style.leading, known)
      }
    },
  }
}

export function createSheet(doc: Doc, legible: LegibleText, area: SheetArea): Sheet {
  const { measure, measureWord, drawLines } = createTypesetter(doc)
  const sheet: Sheet = {
    doc,
    left: area.left,
    width: area.width,
    y: area.top,
    onNewPage: undefined,
    room: () => area.bottom - sheet.y,
    newPage() {
      doc.addPage()
      sheet.y = area.top
      sheet.onNewPage?.()
    },
    reserve(height) {
      if (height > sheet.room() && sheet.y > area.top) sheet.newPage()
    },
    space(height) {
      if (sheet.y > area.top) sheet.y += height
    },
    element(parent, tag, options = {}) {
      // Types of pdfkit do not know scope yet.
      const element = doc.struct(tag, options as object)
      parent.add(element)
      return element
    },
    lines: (text, style, width) =>
      breakLines(legible(text), width, (piece) => measureWord(piece, style)),
    measure,
    drawLines,
    rule(y, color = colors.line) {
      doc
        .moveTo(area.left, y)
        .lineTo(area.left + area.width, y)
        .lineWidth(0.6)
        .stroke(color)
    },
    artifact(draw) {
      doc.markContent('Artifact', { type: 'Layout' })
      draw()
      doc.endMarkedContent()
    },
  }
  return sheet
}
