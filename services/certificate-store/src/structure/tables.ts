import type { AnswerValue, CellValue } from '@minaintyg/certificate-model'
import type { Answer, AnswerContent } from '../rivta/parsed-certificate.ts'
import { readContents } from './answer-values.ts'
import type { ReadingContext } from './answer-values.ts'
import { contentsOf } from './answered-questions.ts'
import { ownText } from './texts.ts'

// Rows times columns must stay in proportion to what was written.
export const maxUnknownColumns = 20

export interface Column {
  id: string
  label: string
}

const isStated = (cell: CellValue) => cell.type !== 'notStated'

/** A table without the columns that no row fills, but the first. */
export function toTable(columns: Column[], rows: CellValue[][]): AnswerValue {
  if (rows.length === 0) return { type: 'notStated' }
  const kept = columns
    .map((_, index) => index)
    .filter(
      (index) => index === 0 || rows.some((row) => isStated(row[index] ?? { type: 'notStated' })),
    )
  return {
    type: 'table',
    columns: kept.flatMap((index) => columns[index] ?? []),
    rows: rows.map((row) => kept.map((index) => row[index] ?? { type: 'notStated' })),
  }
}

/** The ids of the parts that any of the answers has, in order of first appearance. */
function partIds(answers: Answer[]): string[] {
  return [...new Set(answers.flatMap(({ parts }) => parts.map(({ id }) => id)))]
}

/** A row for each instance; parts that the form does not know become columns under their id. */
export function instanceTable(
  answers: Answer[],
  known: Column[],
  skipped: ReadonlySet<string>,
  context: ReadingContext,
): AnswerValue {
  const knownIds = new Set(known.map(({ id }) => id))
  const unknown = partIds(answers).filter((id) => !knownIds.has(id) && !skipped.has(id))
  const label = (id: string) => `${ownText('question', context.language)} ${id}`
  const columns = [
    ...known,
    ...unknown.slice(0, maxUnknownColumns).map((id) => ({ id, label: label(id) })),
  ]
  const beyond = new Set(unknown.slice(maxUnknownColumns))
  const rows = answers.map((answer) => [
    ...columns.map(({ id }) => readContents(contentsOf(answer, id), { kind: 'table' }, context)),
    readContents(
      answer.parts.filter(({ id }) => beyond.has(id)).flatMap(({ contents }) => contents),
      { kind: 'table' },
      context,
    ),
  ])
  columns.push({ id: 'other', label: ownText('otherSection', context.language) })
  return toTable(
    columns,
    rows.filter((row) => row.some(isStated)),
  )
}

interface Pair {
  description: AnswerContent[]
  code: AnswerContent[]
}

// Odd parts are descriptions and even ones codes: 6.1 goes with 6.2, 6.3 with 6.4.
function pairsOf(answer: Answer): Pair[] {
  const pairs = new Map<string, Pair>()
  for (const { id, contents } of answer.parts) {
    const number = Number(/\.(\d{1,6})$/.exec(id)?.[1] ?? Number.NaN)
    const key = Number.isNaN(number) ? id : String(Math.ceil(number / 2))
    const pair = pairs.get(key) ?? { description: [], code: [] }
    pairs.set(key, pair)
    for (const content of contents) {
      pair[content.kind === 'code' ? 'code' : 'description'].push(content)
    }
  }
  const place = (key: string) => (/^\d+$/.test(key) ? Number(key) : Number.MAX_SAFE_INTEGER)
  return [...pairs].sort(([a], [b]) => place(a) - place(b)).map(([, pair]) => pair)
}

/** Diagnoses in both forms of the wire: pairs within one answer, or an answer for each. */
export function diagnosisTable(answers: Answer[], context: ReadingContext): AnswerValue {
  const columns = [
    { id: 'description', label: ownText('diagnosis', context.language) },
    { id: 'code', label: ownText('diagnosisCode', context.language) },
  ]
  const rows = answers
    .flatMap(pairsOf)
    .map(({ description, code }) => [
      readContents(description, { kind: 'text' }, context),
      readContents(code, { kind: 'code' }, context),
    ])
  return toTable(
    columns,
    rows.filter((row) => row.some(isStated)),
  )
}
