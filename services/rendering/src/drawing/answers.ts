import type { AnswerValue, Certificate, CertificateItem } from '@minaintyg/certificate-model'
import { flowPassage, flowRow, heightOf, passageOf } from './flow.ts'
import type { Element } from './doc.ts'
import type { Sheet } from './sheet.ts'
import { colors, styles } from './styles.ts'
import type { TextStyle } from './styles.ts'
import { drawTable, roomForTable } from './tables.ts'
import { valueTexts } from './values.ts'
import type { Wording } from './wording.ts'

interface Answers {
  sheet: Sheet
  wording: Wording
  decimal: string
}

const indent = 14

function drawList({ sheet }: Answers, parent: Element, texts: readonly string[]): void {
  const list = sheet.element(parent, 'L')
  const style = styles.answer
  for (const text of texts) {
    const body = sheet.element(sheet.element(list, 'LI'), 'LBody')
    const lines = sheet.lines(text, style, sheet.width - indent)
    sheet.reserve(style.leading * Math.min(lines.length, 2))
    sheet.artifact(() => {
      sheet.doc.circle(sheet.left + 4, sheet.y + style.leading / 2 + 0.8, 1.6).fill(colors.quiet)
    })
    flowPassage(sheet, { element: body, tag: 'LBody', style, lines }, sheet.left + indent)
  }
}

function drawValue(answers: Answers, parent: Element, value: AnswerValue): void {
  const { sheet, wording, decimal } = answers
  if (value.type === 'table') {
    sheet.y += 3
    drawTable(sheet, parent, value, wording, decimal)
    return
  }
  const texts = valueTexts(value, wording, decimal)
  if (value.type === 'list' && texts.length > 1) {
    drawList(answers, parent, texts)
    return
  }
  const style = value.type === 'notStated' ? styles.unanswered : styles.answer
  for (const text of texts) flowPassage(sheet, passageOf(sheet, parent, 'P', text, style))
}

/**
 * Enough for the beginning of an answer, so that no heading and no question stands alone at the end of a page: where
 * two lines fit of three, none is drawn, since one alone would be left for the next page.
 */
function roomForAnswer(value: AnswerValue | undefined, { wording, decimal }: Answers): number {
  if (value === undefined) return 0
  if (value.type === 'table') return roomForTable(value, wording)
  const texts = valueTexts(value, wording, decimal)
  const isShort = texts.every((text) => text.length < 60 && !text.includes('\n'))
  return (isShort ? Math.min(texts.length, 3) : 3) * styles.answer.leading + 1
}

function drawItem(answers: Answers, parent: Element, item: CertificateItem): void {
  const { sheet } = answers
  const part = sheet.element(parent, 'Div')
  const question = passageOf(sheet, part, 'H3', item.label || item.id, styles.question)
  sheet.space(10)
  sheet.reserve(Math.min(heightOf([question]) + roomForAnswer(item.value, answers), 350))
  flowPassage(sheet, question)
  sheet.y += 1
  drawValue(answers, part, item.value)
}

/** Answers of a word or two: several in a row are set beside their questions, as a list that is quick to scan. */
const isBrief = ({ value }: CertificateItem): boolean =>
  value.type === 'boolean' || value.type === 'date' || value.type === 'notStated'
const fewestBrief = 2

function isInBriefRun(items: readonly CertificateItem[], index: number): boolean {
  let [first, end] = [index, index]
  while (first >= 0 && isBrief(items[first] as CertificateItem)) first -= 1
  while (end < items.length && isBrief(items[end] as CertificateItem)) end += 1
  const run = end - first - 1
  return run >= fewestBrief || run === items.length
}

function drawBriefItem(answers: Answers, parent: Element, item: CertificateItem): void {
  const { sheet, wording, decimal } = answers
  const part = sheet.element(parent, 'Div')
  const x = sheet.left + sheet.width * 0.7
  const column = (tag: string, text: string, style: TextStyle, at: number, width: number) => {
    const lines = sheet.lines(text, style, width)
    return { x: at, passages: [{ element: sheet.element(part, tag), tag, style, lines }] }
  }
  const [said = ''] = item.value.type === 'table' ? [] : valueTexts(item.value, wording, decimal)
  const style = item.value.type === 'notStated' ? styles.unanswered : styles.answer
  flowRow(
    sheet,
    [
      column('H3', item.label || item.id, styles.briefQuestion, sheet.left, sheet.width * 0.7 - 14),
      column('P', said, style, x, sheet.left + sheet.width - x),
    ],
    2.5,
  )
  sheet.artifact(() => {
    sheet.rule(sheet.y)
  })
}

function drawItems(answers: Answers, part: Element, items: readonly CertificateItem[]): void {
  let wasBrief = false
  for (const [index, item] of items.entries()) {
    const brief = isInBriefRun(items, index)
    if (brief && !wasBrief) answers.sheet.space(6)
    if (brief) drawBriefItem(answers, part, item)
    else drawItem(answers, part, item)
    wasBrief = brief
  }
}

/** The questions and answers, in the form's own order. */
export function drawAnswers(
  sheet: Sheet,
  parent: Element,
  certificate: Certificate,
  wording: Wording,
): void {
  const answers = { sheet, wording, decimal: certificate.language === 'en' ? '.' : ',' }
  const sections = certificate.sections.filter(({ items }) => items.length > 0)
  if (sections.length === 0) {
    sheet.space(20)
    flowPassage(sheet, passageOf(sheet, parent, 'P', wording.noAnswers, styles.answer))
  }
  for (const { id, heading, items } of sections) {
    const part = sheet.element(parent, 'Sect')
    const title = passageOf(sheet, part, 'H2', heading || id, styles.section)
    sheet.space(22)
    const [first] = items
    const firstLines = sheet.lines(first?.label ?? '', styles.question, sheet.width).length
    const firstQuestion =
      firstLines * styles.question.leading + roomForAnswer(first?.value, answers)
    sheet.reserve(Math.min(heightOf([title]) + 10 + firstQuestion, 400))
    sheet.doc.outline.addItem(heading || id)
    flowPassage(sheet, title)
    drawItems(answers, part, items)
  }
}
