import type { Sheet } from './sheet.ts'
import { styles } from './styles.ts'
import type { TextStyle } from './styles.ts'

/** Between two columns. */
const gutter = 14
/** Rows that decide over the widths; more would say little that these do not. */
const rowsMeasured = 200

/** Widths by what the columns hold: each gets its longest word, and what is left goes by need. */
export function columnWidths(
  sheet: Sheet,
  heads: readonly string[],
  rows: readonly string[][][],
): number[] {
  const available = sheet.width - gutter * (heads.length - 1)
  const fair = available / heads.length
  const needs = heads.map((head, index) => {
    const texts = rows.slice(0, rowsMeasured).flatMap((row) => row[index] ?? [])
    const longest = (style: TextStyle, parts: string[]) =>
      Math.max(0, ...parts.map((part) => sheet.measure(part.slice(0, 200), style)))
    const words = texts.flatMap((text) => text.split(/\s+/))
    return {
      least: Math.max(longest(styles.columnHead, head.split(/\s+/)), longest(styles.cell, words)),
      most: Math.max(longest(styles.columnHead, [head]), longest(styles.cell, texts)),
    }
  })
  const least = needs.map((need) => Math.min(need.least + 1, fair))
  const left = available - least.reduce((sum, width) => sum + width, 0)
  const wishes = needs.map((need, index) => Math.max(0, need.most + 1 - (least[index] ?? 0)))
  const wished = wishes.reduce((sum, wish) => sum + wish, 0)
  const share = wished === 0 ? 0 : Math.min(1, left / wished)
  return least.map((width, index) => width + (wishes[index] ?? 0) * share)
}

/** Where each column begins. */
export function columnPlaces(left: number, widths: readonly number[]): number[] {
  let x = left
  return widths.map((width) => {
    const place = x
    x += width + gutter
    return place
  })
}
