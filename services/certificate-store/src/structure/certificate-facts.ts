import type { AnswerValue, CellValue, CertificateSection } from '@minaintyg/certificate-model'
import type { AnswerContent } from '../rivta/parsed-certificate.ts'
import { isCalendarDate } from '../rivta/swedish-time.ts'
import { readContents } from './answer-values.ts'
import type { ReadingContext } from './answer-values.ts'
import { allContents } from './answered-questions.ts'
import type { AnsweredQuestions } from './answered-questions.ts'
import type { Form } from './catalogue-model.ts'
import { ownText } from './texts.ts'

export interface Period {
  from: string | null
  to: string | null
}

/** What decides over a certificate beside what it says. */
export interface CertificateFacts {
  /** Kept away from work under the Communicable Diseases Act. */
  infectionControl: boolean
  /** The patient's answer to whether the employer may know the diagnosis; null where not asked. */
  tellEmployer: boolean | null
  /** Descriptions and codes, for people. */
  diagnoses: string[]
}

/** A value as one line of plain text. */
export function plainText(value: AnswerValue | CellValue, context: ReadingContext): string {
  switch (value.type) {
    case 'text':
      return value.text
    case 'boolean':
      return ownText(value.value ? 'yes' : 'no', context.language)
    case 'date':
      return value.date
    case 'period':
      if (value.from !== null && value.to !== null) return `${value.from} – ${value.to}`
      if (value.from !== null) return `${ownText('from', context.language)} ${value.from}`
      return value.to === null ? '' : `${ownText('until', context.language)} ${value.to}`
    case 'code':
      return value.display ?? value.code
    case 'quantity':
      return [value.value, value.unit].filter((part) => part !== null).join(' ')
    case 'list':
      return value.items.map((item) => plainText(item, context)).join(', ')
    case 'table':
      return value.rows
        .map((row) => row.map((cell) => plainText(cell, context)).find((text) => text !== '') ?? '')
        .join(', ')
    case 'notStated':
      return ''
  }
}

function isTrue(contents: readonly AnswerContent[]): boolean | null {
  const text = contents.find((content) => content.kind === 'text')?.text
  return text === undefined ? null : /^(true|1)$/.test(text)
}

/** Answered yes, or by a code: the old FK7263 names what holds and is silent otherwise. */
const isAffirmed = (contents: readonly AnswerContent[]): boolean =>
  isTrue(contents) === true || contents.some(({ kind }) => kind === 'code')

const first = (id: string) => `${id}.1`

/** From the first day of any period to the last; an open end stays open. */
function spanOf(periods: { start: string | null; end: string | null }[]): Period | null {
  const valid = periods.map(({ start, end }) => ({
    start: start !== null && isCalendarDate(start) ? start : null,
    end: end !== null && isCalendarDate(end) ? end : null,
    openEnd: end === null,
  }))
  const from = valid.flatMap(({ start }) => start ?? []).sort()[0] ?? null
  const ends = valid.flatMap(({ end }) => end ?? []).sort()
  const to = valid.some(({ openEnd, start }) => openEnd && start !== null)
    ? null
    : (ends.at(-1) ?? null)
  return from === null && to === null ? null : { from, to }
}

/** The period that a certificate covers. */
export function periodOf(form: Form | undefined, answered: AnsweredQuestions): Period | null {
  if (form?.period === undefined) return null
  return spanOf(
    allContents(answered, form.period).flatMap((content) =>
      content.kind === 'period' ? [content] : [],
    ),
  )
}

/** The line that tells certificates of the same type apart in a list. */
export function summaryOf(
  form: Form | undefined,
  period: Period | null,
  sections: CertificateSection[],
  context: ReadingContext,
): { label: string; value: string } | null {
  if (period !== null) {
    const label = form?.summary?.label[context.language] ?? ownText('period', context.language)
    return { label, value: plainText({ type: 'period', ...period }, context) }
  }
  if (form?.summary === undefined) return null
  const { question, label } = form.summary
  const item = sections.flatMap(({ items }) => items).find(({ id }) => id === question)
  const value = item === undefined ? '' : plainText(item.value, context)
  return value === '' ? null : { label: label[context.language], value }
}

function diagnosesOf(answered: AnsweredQuestions, question: string, context: ReadingContext) {
  const contents = (answered.get(question) ?? []).flatMap(({ parts }) =>
    parts.flatMap((part) => part.contents),
  )
  return contents
    .filter(({ kind }) => kind === 'text' || kind === 'code')
    .map((content) =>
      content.kind === 'code'
        ? content.code
        : plainText(readContents([content], { kind: 'text' }, context), context),
    )
    .filter((text) => text !== '')
}

/** The facts of a certificate, by what its form says that each question is. */
export function factsOf(
  form: Form | undefined,
  answered: AnsweredQuestions,
  context: ReadingContext,
): CertificateFacts {
  const { infectionControl, tellEmployer, diagnosis } = form ?? {}
  return {
    infectionControl:
      infectionControl !== undefined && isAffirmed(allContents(answered, first(infectionControl))),
    tellEmployer:
      tellEmployer === undefined ? null : isTrue(allContents(answered, first(tellEmployer))),
    diagnoses: diagnosis === undefined ? [] : diagnosesOf(answered, diagnosis, context),
  }
}
