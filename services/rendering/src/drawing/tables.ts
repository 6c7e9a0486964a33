import type { AnswerValue } from '@minaintyg/certificate-model'
import { columnPlaces, columnWidths } from './column-widths.ts'
import { flowRow, heightOf } from './flow.ts'
import type { Element } from './doc.ts'
import type { Column, Passage, Sheet } from './sheet.ts'
import { styles } from './styles.ts'
import { drawTimeline, heightOfTimeline, timelineOf } from './timeline.ts'
import { valueTexts } from './values.ts'
import type { Wording } from './wording.ts'

export type Table = Extract<AnswerValue, { type: 'table' }>

const padding = 4
const roomForFirstRow = 40
/** For a head of two lines and a first row. */
const roomForBeginning = roomForFirstRow + 2 * styles.columnHead.leading + 2 * padding
/** A table with its timeline is kept on one page where it takes no more than this. */
const roomForWhole = 280

/** What must be left of a page for a table to begin there. */
export function roomForTable(table: Table, wording: Wording): number {
  const bars = timelineOf(table, wording)
  if (bars === undefined) return roomForBeginning
  const rows = bars.length * (styles.cell.leading + 2 * padding)
  const whole = roomForBeginning - roomForFirstRow + rows + heightOfTimeline(bars)
  return whole > roomForWhole ? roomForBeginning : whole
}
/** A head of half a page is not worth repeating. */
const highestRepeatedHead = 200

interface Grid {
  sheet: Sheet
  widths: readonly number[]
  places: readonly number[]
}

function cellAt(
  { sheet, widths, places }: Grid,
  { element, tag, style }: Pick<Passage, 'element' | 'tag' | 'style'>,
  texts: readonly string[],
  index: number,
): Column {
  const width = widths[index] ?? sheet.width
  const lines = texts.flatMap((text) => sheet.lines(text, style, width))
  return { x: places[index] ?? sheet.left, passages: [{ element, tag, style, lines }] }
}

function ruleBelow(sheet: Sheet): void {
  sheet.artifact(() => {
    sheet.rule(sheet.y)
  })
}

/** Draws the heads, and again on every page, where they are decoration and no second row of heads. */
function drawHeads(grid: Grid, table: Element, heads: readonly string[]): void {
  const { sheet } = grid
  const row = sheet.element(table, 'TR')
  const columns = heads.map((head, index) => {
    // The corner above names of rows is no head of anything.
    const tag = head === '' ? 'TD' : 'TH'
    const element = sheet.element(row, tag, tag === 'TH' ? { scope: 'Column' } : {})
    return cellAt(grid, { element, tag, style: styles.columnHead }, [head], index)
  })
  const height = Math.max(...columns.map(({ passages }) => heightOf(passages))) + 2 * padding
  sheet.reserve(height + roomForFirstRow)
  ruleBelow(sheet)
  flowRow(sheet, columns, padding)
  ruleBelow(sheet)
  if (height > highestRepeatedHead) return
  sheet.onNewPage = () => {
    sheet.artifact(() => {
      for (const { x, passages } of columns) {
        for (const { lines, style } of passages) sheet.drawLines(lines, style, x, sheet.y + padding)
      }
      sheet.rule(sheet.y + height)
    })
    sheet.y += height
  }
}

export function drawTable(
  sheet: Sheet,
  parent: Element,
  value: Table,
  wording: Wording,
  decimal: string,
): void {
  const { columns, rows } = value
  if (columns.length === 0) return
  const heads = columns.map(({ label }) => label)
  const texts = rows.map((row) =>
    row.map((cell) => (cell.type === 'notStated' ? ['–'] : valueTexts(cell, wording, decimal))),
  )
  const widths = columnWidths(sheet, heads, texts)
  const grid = { sheet, widths, places: columnPlaces(sheet.left, widths) }
  const table = sheet.element(parent, 'Table')
  drawHeads(grid, table, heads)
  for (const row of texts) {
    const element = sheet.element(table, 'TR')
    const cells = columns.map((_, index) => {
      const namesRow = index === 0 && heads[0] === ''
      const tag = namesRow ? 'TH' : 'TD'
      const cell = sheet.element(element, tag, namesRow ? { scope: 'Row' } : {})
      return cellAt(grid, { element: cell, tag, style: styles.cell }, row[index] ?? [], index)
    })
    flowRow(sheet, cells, padding)
    ruleBelow(sheet)
  }
  sheet.onNewPage = undefined
  sheet.y += 4
  const bars = timelineOf(value, wording)
  if (bars !== undefined) drawTimeline(sheet, parent, bars, wording)
}
