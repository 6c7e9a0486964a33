import type { AnswerValue, CellValue } from '@minaintyg/certificate-model'
import type { Element } from './doc.ts'
import type { Sheet } from './sheet.ts'
import { colors, styles } from './styles.ts'
import { valueTexts } from './values.ts'
import type { Wording } from './wording.ts'

type Table = Extract<AnswerValue, { type: 'table' }>

interface Bar {
  label: string
  period: string
  /** Days since 1970; the last day is a part of the period. */
  from: number
  to: number
  /** Of the bar's height, from 0 to 1. */
  share: number
}

/** How much of the work the patient cannot do; what is unknown is drawn as the whole. */
const shares: Record<string, number> = {
  EN_ATTONDEL: 0.125,
  EN_FJARDEDEL: 0.25,
  HALFTEN: 0.5,
  HALVA: 0.5,
  TRE_FJARDEDEL: 0.75,
  TRE_FJARDEDELAR: 0.75,
}

const dayOf = (date: string): number => Date.parse(date) / 86_400_000
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
const isWholeDate = (date: string | null): date is string =>
  date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))

function barOf(row: readonly CellValue[], wording: Wording): Bar | undefined {
  const period = row.find((cell) => cell.type === 'period')
  const degree = row.find((cell) => cell.type === 'code')
  if (period === undefined || degree === undefined) return undefined
  const { from, to } = period
  if (!isWholeDate(from) || !isWholeDate(to) || from > to) return undefined
  return {
    label: valueTexts(degree, wording, ',').join(' '),
    period: valueTexts(period, wording, ',').join(' '),
    from: dayOf(from),
    to: dayOf(to) + 1,
    share: shares[degree.code] ?? 1,
  }
}

const most = 12
const longestDays = 5 * 366
/** Between a degree and its bar. */
const labelWidth = 128
const row = { height: 11, gap: 4 }
const axis = 20

/** What can be drawn as a timeline: a few rows, each with a degree and a period of two whole dates. */
export function timelineOf({ rows }: Table, wording: Wording): Bar[] | undefined {
  if (rows.length === 0 || rows.length > most) return undefined
  const bars = rows.map((each) => barOf(each, wording))
  if (!bars.every((bar) => bar !== undefined)) return undefined
  const days = Math.max(...bars.map(({ to }) => to)) - Math.min(...bars.map(({ from }) => from))
  return days > longestDays ? undefined : bars
}

export const heightOfTimeline = (bars: readonly Bar[]): number =>
  bars.length * (row.height + row.gap) + axis + 6

/** First days of months, and of no more months than there is room to name. */
function monthsWithin(first: number, last: number, room: number): number[] {
  const days: number[] = []
  const start = new Date(first * 86_400_000)
  for (let month = 1; ; month += 1) {
    const day = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, 1) / 86_400_000
    if (day >= last) break
    days.push(day)
  }
  const step = Math.max(1, Math.ceil(days.length / room))
  return days.filter((_, index) => index % step === 0)
}

interface Scale {
  left: number
  width: number
  first: number
  last: number
}
const placeOf = ({ left, width, first, last }: Scale, day: number): number =>
  left + ((day - first) / (last - first)) * width

function drawAxis(sheet: Sheet, scale: Scale, y: number): void {
  const { doc } = sheet
  const style = styles.foot
  const { left, width, first, last } = scale
  doc
    .moveTo(left, y)
    .lineTo(left + width, y)
    .lineWidth(0.6)
    .stroke(colors.quiet)
  const dateWidth = sheet.measure('2000-00-00', style)
  const end = left + width - dateWidth
  sheet.drawLines([dateOf(first)], style, left, y + 4)
  if (end > left + dateWidth + 6) sheet.drawLines([dateOf(last - 1)], style, end, y + 4)
  let free = left + dateWidth + 8
  for (const day of monthsWithin(first, last, 24)) {
    const x = placeOf(scale, day)
    doc
      .moveTo(x, y)
      .lineTo(x, y + 4)
      .lineWidth(0.6)
      .stroke(colors.quiet)
    if (x < free || x + dateWidth > end - 8) continue
    sheet.drawLines([dateOf(day)], style, x, y + 4)
    free = x + dateWidth + 8
  }
}

/** Bars over a line of dates. How much of a bar is filled says the degree, so that no colour is needed. */
export function drawTimeline(
  sheet: Sheet,
  parent: Element,
  bars: readonly Bar[],
  wording: Wording,
): void {
  const { doc, left } = sheet
  const height = heightOfTimeline(bars)
  sheet.reserve(height)
  const scale: Scale = {
    left: left + labelWidth,
    width: sheet.width - labelWidth,
    first: Math.min(...bars.map(({ from }) => from)),
    last: Math.max(...bars.map(({ to }) => to)),
  }
  const figure = sheet.element(parent, 'Figure', {
    alt: wording.timeline(bars.map(({ label, period }) => `${label}: ${period}`)),
    bbox: [left, sheet.y, left + sheet.width, sheet.y + height],
  })
  const mark = doc.markStructureContent('Figure')
  let y = sheet.y + 6
  for (const { label, from, to, share } of bars) {
    const [words = ''] = sheet.lines(label, styles.foot, labelWidth - 8)
    sheet.drawLines([words], styles.foot, left, y)
    const x = placeOf(scale, from)
    const width = Math.max(1.2, placeOf(scale, to) - x)
    const filled = row.height * share
    doc.rect(x, y + row.height - filled, width, filled).fill(colors.accent)
    doc.rect(x, y, width, row.height).lineWidth(0.6).stroke(colors.accent)
    y += row.height + row.gap
  }
  drawAxis(sheet, scale, y)
  doc.endMarkedContent()
  figure.add(mark)
  sheet.y += height
}
