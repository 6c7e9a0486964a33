import type { Element } from './doc.ts'
import type { Column, Passage, Sheet } from './sheet.ts'
import type { TextStyle } from './styles.ts'

/** A text as a structure element of its own, in lines of the sheet's whole width or a column's. */
export function passageOf(
  sheet: Sheet,
  parent: Element,
  tag: string,
  text: string,
  style: TextStyle,
  width = sheet.width,
): Passage {
  return { element: sheet.element(parent, tag), tag, style, lines: sheet.lines(text, style, width) }
}

/** How many lines fit, so that neither page is left with a single line of a longer text. */
function linesThatFit(left: number, fitting: number, isFirst: boolean): number {
  if (fitting >= left) return left
  const count = left - fitting === 1 ? fitting - 1 : fitting
  return isFirst && count === 1 ? 0 : Math.max(count, 0)
}

function drawPiece(sheet: Sheet, passage: Passage, lines: readonly string[], x: number, y: number) {
  const content = sheet.doc.markStructureContent(passage.tag)
  sheet.drawLines(lines, passage.style, x, y)
  sheet.doc.endMarkedContent()
  passage.element.add(content)
}

/** Draws text at full width, over pages where it must. */
export function flowPassage(sheet: Sheet, passage: Passage, x = sheet.left): void {
  const { leading } = passage.style
  let rest = passage.lines
  while (rest.length > 0) {
    const fitting = Math.floor(sheet.room() / leading)
    const count = linesThatFit(rest.length, fitting, rest === passage.lines)
    if (count > 0) {
      drawPiece(sheet, passage, rest.slice(0, count), x, sheet.y)
      sheet.y += count * leading
      rest = rest.slice(count)
    }
    if (rest.length > 0) sheet.newPage()
  }
}

export const heightOf = (passages: readonly Passage[]): number =>
  passages.reduce((sum, { lines, style }) => sum + lines.length * style.leading, 0)

interface Cursor {
  readonly column: Column
  passage: number
  line: number
}

/** Draws what of a column fits into the height. @returns how much it took */
function drawSlice(sheet: Sheet, cursor: Cursor, height: number): number {
  let taken = 0
  for (;;) {
    const passage = cursor.column.passages[cursor.passage]
    if (passage === undefined) return taken
    const { leading } = passage.style
    const fitting = Math.floor((height - taken + 0.001) / leading)
    const rest = passage.lines.length - cursor.line
    const lines = passage.lines.slice(cursor.line, cursor.line + Math.min(fitting, rest))
    if (lines.length > 0) drawPiece(sheet, passage, lines, cursor.column.x, sheet.y + taken)
    taken += lines.length * leading
    if (lines.length < rest) {
      cursor.line += lines.length
      return taken
    }
    cursor.passage += 1
    cursor.line = 0
  }
}

/** Draws columns side by side; a row that no page can hold goes on over several. */
export function flowRow(sheet: Sheet, columns: readonly Column[], padding = 0): void {
  const height = Math.max(0, ...columns.map(({ passages }) => heightOf(passages)))
  const cursors = columns.map((column): Cursor => ({ column, passage: 0, line: 0 }))
  sheet.reserve(Math.min(height + 2 * padding, 200))
  for (;;) {
    sheet.y += padding
    const room = sheet.room() - padding
    sheet.y += Math.max(...cursors.map((cursor) => drawSlice(sheet, cursor, room))) + padding
    if (cursors.every(({ column, passage }) => passage >= column.passages.length)) return
    sheet.newPage()
  }
}
