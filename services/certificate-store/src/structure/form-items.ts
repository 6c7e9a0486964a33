import type { AnswerValue, CertificateItem, CertificateSection } from '@minaintyg/certificate-model'
import type { Answer, AnswerContent } from '../rivta/parsed-certificate.ts'
import { readContents } from './answer-values.ts'
import type { ReadingContext } from './answer-values.ts'
import { allContents, questionOf } from './answered-questions.ts'
import type { AnsweredQuestions } from './answered-questions.ts'
import { answerId } from './catalogue-model.ts'
import type { Form, FormQuestion, FormSection } from './catalogue-model.ts'
import { diagnosisTable, instanceTable, toTable } from './tables.ts'
import type { Column } from './tables.ts'
import { ownText } from './texts.ts'

function gridAnswers({ rows = [] }: FormQuestion): string[] {
  return rows.flatMap(({ answers }) => answers)
}

function claimedBy(question: FormQuestion): string[] {
  if (question.kind === 'grid') return gridAnswers(question)
  return question.kind === 'table' || question.kind === 'diagnoses' ? [] : [answerId(question)]
}

function gridValue(
  question: FormQuestion,
  answered: AnsweredQuestions,
  context: ReadingContext,
): AnswerValue {
  const { columns = [], rows = [] } = question
  const found = rows
    .map(({ label, answers }) => ({
      label: label[context.language],
      cells: answers.map((id) =>
        readContents(allContents(answered, id), { kind: 'unknown' }, context),
      ),
    }))
    .filter(({ cells }) => cells.some(({ type }) => type !== 'notStated'))
  return toTable(
    [
      { id: 'row', label: '' },
      ...columns.map(({ id, label }) => ({ id, label: label[context.language] })),
    ],
    found.map(({ label, cells }) => [{ type: 'text', text: label }, ...cells]),
  )
}

function questionValue(
  question: FormQuestion,
  answered: AnsweredQuestions,
  claimed: ReadonlySet<string>,
  context: ReadingContext,
): AnswerValue {
  switch (question.kind) {
    case 'grid':
      return gridValue(question, answered, context)
    case 'diagnoses':
      return diagnosisTable(answered.get(question.id) ?? [], context)
    case 'table': {
      const columns = (question.columns ?? []).map(({ id, label }): Column => ({
        id,
        label: label[context.language],
      }))
      return instanceTable(answered.get(question.id) ?? [], columns, claimed, context)
    }
    default:
      return readContents(allContents(answered, answerId(question)), question, context)
  }
}

/** Answers that no question of a form stands for, under their ids. */
export function unknownItems(
  answers: Answer[],
  known: ReadonlySet<string>,
  context: ReadingContext,
): CertificateItem[] {
  const parts = new Map<string, AnswerContent[]>()
  for (const { id, contents } of answers.flatMap((answer) => answer.parts)) {
    if (!known.has(id)) {
      const found = parts.get(id)
      if (found === undefined) parts.set(id, [...contents])
      else found.push(...contents)
    }
  }
  const [first] = answers
  if (first === undefined || parts.size === 0) return []
  const label = (id: string) => `${ownText('question', context.language)} ${id}`
  if (answers.length > 1 && parts.size > 1) {
    const value = instanceTable(answers, [], known, context)
    return [{ id: first.id, label: label(first.id), value }]
  }
  return [...parts].map(([id, contents]) => {
    const shown = id === `${first.id}.1` ? first.id : id
    return {
      id: shown,
      label: label(shown),
      value: readContents(contents, { kind: 'unknown' }, context),
    }
  })
}

function sectionItems(
  section: FormSection,
  answered: AnsweredQuestions,
  known: { claimed: ReadonlySet<string>; whole: ReadonlySet<string>; seen: Set<string> },
  context: ReadingContext,
): CertificateItem[] {
  return section.questions.flatMap((question, index) => {
    const value = questionValue(question, answered, known.claimed, context)
    const items: CertificateItem[] =
      question.followUp === true && value.type === 'notStated'
        ? []
        : [{ id: question.id, label: question.label[context.language], value }]
    const svar = questionOf(answerId(question))
    const next = section.questions[index + 1]
    const isLast = next === undefined || questionOf(answerId(next)) !== svar
    if (!isLast || known.seen.has(svar)) return items
    known.seen.add(svar)
    if (known.whole.has(svar)) return items
    return [...items, ...unknownItems(answered.get(svar) ?? [], known.claimed, context)]
  })
}

/** The form's sections, filled; whatever the form does not know stands beside its question or last. */
export function formSections(
  form: Form | undefined,
  answered: AnsweredQuestions,
  context: ReadingContext,
): CertificateSection[] {
  const questions = form?.sections.flatMap((section) => section.questions) ?? []
  const known = {
    claimed: new Set(questions.flatMap(claimedBy)),
    whole: new Set(
      questions.filter(({ kind }) => kind === 'table' || kind === 'diagnoses').map(({ id }) => id),
    ),
    seen: new Set<string>(),
  }
  const sections = (form?.sections ?? []).map((section) => ({
    id: section.id,
    heading: section.heading[context.language],
    items: sectionItems(section, answered, known, context),
  }))
  const rest = [...answered]
    .filter(([id]) => !known.seen.has(id))
    .flatMap(([, answers]) => unknownItems(answers, new Set(), context))
  if (rest.length > 0) {
    sections.push({
      id: 'unknown',
      heading: ownText('otherSection', context.language),
      items: rest,
    })
  }
  return sections.filter(({ items }) => items.length > 0)
}
