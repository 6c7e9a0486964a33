import type { CellValue, ScalarValue } from '@minaintyg/certificate-model'
import { childElements, textContent } from '../rivta/elements.ts'
import type { AnswerContent } from '../rivta/parsed-certificate.ts'
import { isCalendarDate } from '../rivta/swedish-time.ts'
import type { XmlElement } from '../rivta/xml.ts'
import type { Catalogue, Label, Language, QuestionKind } from './catalogue-model.ts'

export interface ReadingContext {
  catalogue: Catalogue
  language: Language
}

const text = (value: string): ScalarValue => ({ type: 'text', text: value })

/** A date that exists, or the part of one that was known; undefined for anything else. */
function partialDate(value: string): string | undefined {
  const [, year, month] = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/.exec(value) ?? []
  if (year !== undefined) return month === undefined ? year : value
  return isCalendarDate(value) ? value : undefined
}

/** A date where it is one, else the text as written. */
function dateValue(value: string): ScalarValue {
  const date = partialDate(value)
  return date === undefined ? text(value) : { type: 'date', date }
}

function periodValue(start: string | null, end: string | null): ScalarValue {
  const [from, to] = [start, end].map((day) => (day === null ? null : partialDate(day)))
  if (from === undefined || to === undefined) return text(`${start ?? ''} – ${end ?? ''}`.trim())
  return { type: 'period', from, to }
}

const plainNumber = /^-?\d{1,12}(?:[.,]\d{1,6})?$/

function quantityValue(value: string, unit: string | null): ScalarValue {
  const number = Number(value.replace(',', '.'))
  if (value === '' || !Number.isFinite(number) || value.length > 20) {
    return text([value, unit].filter(Boolean).join(' '))
  }
  return { type: 'quantity', value: number, unit }
}

/** The words for a code: in Swedish as the journal wrote them, else our own. */
function codeDisplay(
  { code, system, displayName }: Extract<AnswerContent, { kind: 'code' }>,
  { catalogue, language }: ReadingContext,
): string | null {
  const ours = catalogue.code(system, code)?.[language] ?? null
  return language === 'sv' ? (displayName ?? ours) : (ours ?? displayName)
}

function codeValues(
  content: Extract<AnswerContent, { kind: 'code' }>,
  context: ReadingContext,
): ScalarValue[] {
  const { code, system, displayName, originalText } = content
  const display = codeDisplay(content, context)
  const value: ScalarValue = { type: 'code', code, system, display }
  const more = originalText !== null && originalText !== display && originalText !== displayName
  return more ? [value, text(originalText)] : [value]
}

function textValue(
  value: string,
  kind: QuestionKind | 'unknown',
  unit: string | null,
): ScalarValue {
  if (kind === 'boolean' && /^(true|1)$/.test(value)) return { type: 'boolean', value: true }
  if (kind === 'boolean' && /^(false|0)$/.test(value)) return { type: 'boolean', value: false }
  if (kind === 'date') return dateValue(value)
  if (kind === 'number' && plainNumber.test(value)) return quantityValue(value, unit)
  if (kind === 'unknown' || kind === 'table') {
    if (value === 'true' || value === 'false') return { type: 'boolean', value: value === 'true' }
    return isCalendarDate(value) ? dateValue(value) : text(value)
  }
  return text(value)
}

/** An element that no contract of ours names: its texts, each behind the name of its element. */
function elementText(element: XmlElement): string {
  const inner = childElements(element)
  const attributes = element.attributes.map(({ name, value }) => `${name}: ${value}`)
  const own = inner.length === 0 ? textContent(element).trim() : ''
  return [...attributes, own, ...inner.map((one) => `${one.name}: ${elementText(one)}`)]
    .filter((line) => line !== '')
    .join('\n')
}

function contentValues(
  content: AnswerContent,
  question: { kind: QuestionKind | 'unknown'; unit?: Label },
  context: ReadingContext,
): ScalarValue[] {
  switch (content.kind) {
    case 'text':
      return [textValue(content.text, question.kind, question.unit?.[context.language] ?? null)]
    case 'code':
      return codeValues(content, context)
    case 'period':
      return [periodValue(content.start, content.end)]
    case 'date':
      return [dateValue(content.value)]
    case 'quantity':
      return [quantityValue(content.value, content.unit)]
    case 'other':
      return [text(elementText(content.element))]
  }
}

/** One value, a list where there are several, `notStated` where there is none. */
export function cellOf(values: readonly ScalarValue[]): CellValue {
  const [only] = values
  if (only === undefined) return { type: 'notStated' }
  return values.length === 1 ? only : { type: 'list', items: [...values] }
}

/** What stands in a delsvar, typed by the question that it answers. */
export function readContents(
  contents: readonly AnswerContent[],
  question: { kind: QuestionKind | 'unknown'; unit?: Label },
  context: ReadingContext,
): CellValue {
  const [only] = contents
  if (only === undefined) return { type: 'notStated' }
  if (contents.length === 1) return cellOf(contentValues(only, question, context))
  return cellOf(contents.flatMap((content) => contentValues(content, question, context)))
}
