import type { Sheet } from './sheet.ts'
import { colors, margins, styles } from './styles.ts'
import type { TextStyle } from './styles.ts'

/** What stands at head and foot of every page. */
export interface Furniture {
  /** Set in bold, above all else at the foot. */
  notice?: string | undefined
  foot: string
  /** What the document is found by. */
  id: string
  /** At the head, from the second page on. */
  running: string
  page: (number: number, of: number) => string
}

/** A foot grows to so many lines and no more; a longer name stands whole in the head. */
const longestFoot = 3

export interface Foot {
  readonly lines: readonly { text: string; style: TextStyle }[]
  readonly height: number
}

/** What stands at the foot of every page, but for the page's number. */
export function composeFoot(sheet: Sheet, { notice, foot }: Furniture): Foot {
  const said = sheet.lines(foot, styles.foot, sheet.width)
  const marks = notice === undefined ? [] : [{ text: notice, style: styles.footStrong }]
  const shown = said.slice(0, longestFoot).map((text, index) => ({
    text: index === longestFoot - 1 && said.length > longestFoot ? `${text} …` : text,
    style: styles.foot,
  }))
  const lines = [...marks, ...shown]
  return { lines, height: (lines.length + 1) * styles.foot.leading + 8 }
}

/** Draws head and foot on all pages, once it is known how many there are. */
export function drawPageFurniture(sheet: Sheet, foot: Foot, furniture: Furniture): void {
  const { doc } = sheet
  const { start, count } = doc.bufferedPageRange()
  const [id = ''] = sheet.lines(furniture.id, styles.foot, sheet.width - 100)
  const [running = ''] = sheet.lines(furniture.running, styles.foot, sheet.width)
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(start + page)
    doc.markContent('Artifact', { type: 'Pagination' })
    let y = doc.page.height - margins.bottom - foot.height
    sheet.rule(y, colors.line)
    y += 8
    for (const { text, style } of foot.lines) {
      sheet.drawLines([text], style, sheet.left, y)
      y += style.leading
    }
    const number = furniture.page(page + 1, count)
    const width = sheet.measure(number, styles.foot)
    sheet.drawLines([id], styles.foot, sheet.left, y)
    sheet.drawLines([number], styles.foot, sheet.left + sheet.width - width, y)
    if (page > 0) sheet.drawLines([running], styles.foot, sheet.left, margins.top - 26)
    doc.endMarkedContent()
  }
}
