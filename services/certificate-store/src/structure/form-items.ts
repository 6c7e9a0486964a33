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

interface PlannedQuestion {
  question: FormQuestion
  /** Id of the delsvar that answers it, and of the svar around that. */
  answer: string
  svar: string
  /** What else stands in its svar is shown behind it. */
  isLast: boolean
  /** It shows all of its svar. */
  isWhole: boolean
}

interface Plan {
  sections: { section: FormSection; questions: PlannedQuestion[] }[]
  claimed: ReadonlySet<string>
}

const isWhole = ({ kind }: FormQuestion) => kind === 'table' || kind === 'diagnoses'

function makePlan(form: Form): Plan {
  const all = form.sections.flatMap(({ questions }) => questions)
  const whole = new Set(all.filter(isWhole).map(({ id }) => id))
  const sections = form.sections.map((section) => {
    const svars = section.questions.map((question) => questionOf(answerId(question)))
    const questions = section.questions.map((question, index): PlannedQuestion => {
      const svar = svars[index] ?? ''
      const isLast = svars[index + 1] !== svar
      return { question, answer: answerId(question), svar, isLast, isWhole: whole.has(svar) }
    })
    return { section, questions }
  })
  return { sections, claimed: new Set(all.flatMap(claimedBy)) }
}

const nothing: ReadonlySet<string> = new Set()
const noPlan: Plan = { sections: [], claimed: nothing }
const plans = new WeakMap<Form, Plan>()

/** What of a form is the same for every certificate. */
function planOf(form: Form | undefined): Plan {
  if (form === undefined) return noPlan
  const known = plans.get(form)
  if (known !== undefined) return known
  const plan = makePlan(form)
  plans.set(form, plan)
  return plan
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
  { question, answer, svar }: PlannedQuestion,
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
      return readContents(allContents(answered, answer, svar), question, context)
  }
}

/** Answers that no question of a form stands for, under their ids. */
function unknownItems(
  answers: Answer[],
  known: ReadonlySet<string>,
  context: ReadingContext,
): CertificateItem[] {
  const parts = new Map<string, AnswerContent[]>()
  for (const answer of answers) {
    for (const { id, contents } of answer.parts) {
      if (known.has(id)) continue
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
  questions: readonly PlannedQuestion[],
  answered: AnsweredQuestions,
  { claimed, seen }: { claimed: ReadonlySet<string>; seen: Set<string> },
  context: ReadingContext,
): CertificateItem[] {
  const items: CertificateItem[] = []
  for (const planned of questions) {
    const { question, svar } = planned
    const value = questionValue(planned, answered, claimed, context)
    if (question.followUp !== true || value.type !== 'notStated') {
      items.push({ id: question.id, label: question.label[context.language], value })
    }
    if (!planned.isLast || seen.has(svar)) continue
    seen.add(svar)
    if (planned.isWhole) continue
    items.push(...unknownItems(answered.get(svar) ?? [], claimed, context))
  }
  return items
}

/** The form's sections, filled; whatever the form does not know stands beside its question or last. */
export function formSections(
  form: Form | undefined,
  answered: AnsweredQuestions,
  context: ReadingContext,
): CertificateSection[] {
  const { claimed, sections: planned } = planOf(form)
  const seen = new Set<string>()
  const sections: CertificateSection[] = []
  for (const { section, questions } of planned) {
    const items = sectionItems(questions, answered, { claimed, seen }, context)
    if (items.length === 0) continue
    sections.push({ id: section.id, heading: section.heading[context.language], items })
  }
  const rest: CertificateItem[] = []
  for (const [id, answers] of answered) {
    if (!seen.has(id)) rest.push(...unknownItems(answers, nothing, context))
  }
  if (rest.length > 0) {
    sections.push({
      id: 'unknown',
      heading: ownText('otherSection', context.language),
      items: rest,
    })
  }
  return sections
}
