import type { Doc, Element } from './doc.ts'
import type { LegibleText } from './legible-text.ts'
import { breakLines } from './line-breaks.ts'
import { colors } from './styles.ts'
import type { TextStyle } from './styles.ts'
import type { Typesetter } from './typesetter.ts'

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

export interface SheetArea {
  left: number
  width: number
  top: number
  bottom: number
}

export interface ElementOptions {
  scope?: 'Column' | 'Row'
  alt?: string
  /** Where it is not the document's. */
  lang?: string
  /** From the page's upper left corner. */
  bbox?: [left: number, top: number, right: number, bottom: number]
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
  element(parent: Element, tag: string, options?: ElementOptions): Element
  lines(text: string, style: TextStyle, width: number): string[]
  measure(text: string, style: TextStyle): number
  drawLines(lines: readonly string[], style: TextStyle, x: number, y: number): void
  rule(y: number, color?: string): void
  artifact(draw: () => void): void
  onNewPage: (() => void) | undefined
}

interface Tools {
  legible: LegibleText
  typesetter: Typesetter
}

export function createSheet(doc: Doc, { legible, typesetter }: Tools, area: SheetArea): Sheet {
  const measure = (text: string, style: TextStyle) => typesetter.measure(legible(text), style)
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
      const element = doc.struct(tag, options)
      parent.add(element)
      return element
    },
    lines: (text, style, width) =>
      breakLines(legible(text), width, (piece) => typesetter.measure(piece, style)),
    measure,
    drawLines: typesetter.draw,
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
