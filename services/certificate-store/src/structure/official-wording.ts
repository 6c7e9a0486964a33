import { codeKey } from './catalogue-model.ts'
import type { Form, FormQuestion, FormSection, Label } from './catalogue-model.ts'
import { answerId } from './catalogue-model.ts'
import type { OfficialElement, OfficialTexts } from './official-texts.ts'

type Texts = ReadonlyMap<string, string>

/** What of a certificate's form an operator's words belong to. */
interface Wording {
  headings: Map<string, string>
  questions: Map<string, string>
  parts: Map<string, string>
  codes: Map<string, Label>
}

export interface KnownCodes {
  /** A code system's id where it also goes by a name. */
  systemOf(name: string): string
  code(system: string, code: string): Label | undefined
}

const notAQuestion = /(^|_)(CATEGORY|MESSAGE|HEADER|ISSUING_UNIT)$/
const isCategory = ({ kind }: OfficialElement) => kind === 'CATEGORY'

/** Labels are text: marks of layout in them are left out. */
const plain = (label: string | null | undefined): string =>
  (label ?? '')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** FRG_33.RBK is question 33, DFR_33.2.RBK its part 33.2. */
function namedBy(textIds: readonly string[] = []) {
  const found = textIds.map((id) => /^(FRG|DFR)_(\d+(?:\.\d+)?)(?:\.[A-Z]+)?\.RBK$/.exec(id))
  const of = (kind: string) =>
    found.flatMap((match) => (match?.[1] === kind ? (match[2] ?? []) : []))
  return { questions: of('FRG'), parts: of('DFR') }
}

const isOneValue = ({ kind }: FormQuestion) => !['table', 'diagnoses', 'grid'].includes(kind)

const partsOf = (question: FormQuestion): string[] =>
  isOneValue(question) ? [answerId(question)] : (question.columns ?? []).map(({ id }) => id)

/** What the catalogue knows of a form, by the ids that its texts go by. */
export function indexOf({ sections, officialIds }: Form) {
  const questions = new Set<string>()
  const parts = new Map<string, string>()
  const sectionOf = new Map<string, FormSection>()
  for (const section of sections) {
    for (const question of section.questions) {
      questions.add(question.id)
      sectionOf.set(question.id, section)
      for (const part of partsOf(question)) parts.set(part, question.id)
    }
  }
  const idOf = (id: string) => (officialIds === undefined ? id : (officialIds[id] ?? ''))
  return { questions, parts, sectionOf, idOf }
}
type FormIndex = ReturnType<typeof indexOf>

/** The questions and parts that an element words; its own id counts where no text id names one. */
export function wordedBy(element: OfficialElement, { questions, parts, idOf }: FormIndex) {
  const { textIds } = element
  const named = namedBy(textIds)
  const known = {
    questions: named.questions.filter((one) => questions.has(one)),
    parts: named.parts.filter((one) => parts.has(one)),
  }
  if (named.questions.length + named.parts.length > 0) return known
  const id = idOf(element.id)
  if (questions.has(id)) return { questions: [id], parts: [] }
  return { questions: [], parts: parts.has(id) ? [id] : [] }
}

/** Ids of the questions in an operator's file that the form does not have. */
export function unknownQuestions(form: Form, { elements }: OfficialTexts): string[] {
  const index = indexOf(form)
  return elements
    .filter(({ id, kind }) => !notAQuestion.test(kind) && form.formOnly?.includes(id) !== true)
    .filter((element) => {
      const { questions, parts } = wordedBy(element, index)
      return questions.length + parts.length === 0
    })
    .map(({ id }) => id)
}

/** The section of each category: the one that its questions are in, or that says so itself. */
function sectionsOfCategories(form: Form, { elements }: OfficialTexts, index: FormIndex) {
  const byId = new Map(elements.map((element) => [element.id, element]))
  const categoryOf = (element: OfficialElement): OfficialElement | undefined => {
    let at: OfficialElement | undefined = element
    for (let depth = 0; at !== undefined && !isCategory(at) && depth < 20; depth += 1) {
      at = at.parent === undefined ? undefined : byId.get(at.parent)
    }
    return at
  }
  const found = new Map<string, FormSection>()
  for (const section of form.sections) {
    if (section.category !== undefined) found.set(section.category, section)
  }
  for (const element of elements) {
    const category = categoryOf(element)
    const { questions, parts } = wordedBy(element, index)
    const question = questions[0] ?? index.parts.get(parts[0] ?? '')
    const section = index.sectionOf.get(question ?? '')
    if (category !== undefined && section !== undefined && !found.has(category.id)) {
      found.set(category.id, section)
    }
  }
  return found
}

function codesOf({ elements, optionTexts = [] }: OfficialTexts, known: KnownCodes) {
  const codes: Wording['codes'] = new Map()
  const add = (name: string, code: string, label: string) => {
    const system = known.systemOf(name)
    const ours = known.code(system, code)
    if (ours !== undefined && label !== '') codes.set(codeKey(system, code), { ...ours, sv: label })
  }
  for (const { codeSystem = [], options = [] } of elements) {
    for (const system of [codeSystem].flat()) {
      for (const { code, label } of options) add(system, code ?? '', plain(label))
    }
  }
  for (const { textId, label } of optionTexts) {
    const [, system, code] = /^(\w+)\.(\w+)\.RBK$/.exec(textId) ?? []
    if (system !== undefined && code !== undefined) add(system, code, plain(label))
  }
  return codes
}

function wordingOf(form: Form, texts: OfficialTexts, known: KnownCodes): Wording {
  const index = indexOf(form)
  const sections = sectionsOfCategories(form, texts, index)
  const wording: Wording = {
    headings: new Map(),
    questions: new Map(),
    parts: new Map(),
    codes: codesOf(texts, known),
  }
  // A category may share its words with a question; the question's own come after and count.
  const inOrder = [...texts.elements].sort((a, b) => Number(isCategory(b)) - Number(isCategory(a)))
  for (const element of inOrder) {
    const label = plain(element.label)
    if (label === '' || form.formOnly?.includes(element.id) === true) continue
    const section = isCategory(element) ? sections.get(element.id) : undefined
    if (section !== undefined && !wording.headings.has(section.id)) {
      wording.headings.set(section.id, label)
    }
    const { questions, parts } = wordedBy(element, index)
    for (const question of questions) wording.questions.set(question, label)
    for (const part of parts) wording.parts.set(part, label)
  }
  return wording
}

const worded = (label: Label, official: string | undefined): Label =>
  official === undefined ? label : { ...label, sv: official }

function wordedQuestion(question: FormQuestion, questions: Texts, parts: Texts): FormQuestion {
  const ofAnswer = isOneValue(question) ? parts.get(answerId(question)) : undefined
  const ofQuestion = question.choice === true ? undefined : questions.get(question.id)
  const columns = question.columns?.map(({ id, label }) => ({
    id,
    label: worded(label, parts.get(id)),
  }))
  return {
    ...question,
    label: worded(question.label, ofQuestion ?? ofAnswer),
    ...(columns === undefined ? {} : { columns }),
  }
}

/** The form with an operator's Swedish words in place of ours; what has none, and all English, stays. */
export function withOfficialWording(
  form: Form,
  texts: OfficialTexts,
  { known, name }: { known: KnownCodes; name: Label },
): Form {
  const { headings, questions, parts, codes } = wordingOf(form, texts, known)
  const officialName = plain(texts.name)
  return {
    ...form,
    name: worded(name, officialName === '' ? undefined : officialName),
    codes,
    sections: form.sections.map((section) => ({
      ...section,
      heading: worded(section.heading, headings.get(section.id)),
      questions: section.questions.map((one) => wordedQuestion(one, questions, parts)),
    })),
  }
}
