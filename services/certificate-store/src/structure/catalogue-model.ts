import type { OldFormatRule } from './old-format-answers.ts'

export type Language = 'sv' | 'en'
export type Label = Record<Language, string>

export type QuestionKind =
  | 'text'
  | 'boolean'
  | 'date'
  | 'number'
  | 'code'
  | 'period'
  /** A row for each time the question was answered. */
  | 'table'
  /** Pairs of description and code: 6.1 with 6.2, 6.3 with 6.4 and so on. */
  | 'diagnoses'
  /** Fixed rows and columns of answers to one question, as for visual acuity. */
  | 'grid'

export interface FormQuestion {
  id: string
  kind: QuestionKind
  label: Label
  /** The delsvar that answers it, where that is not the question's first. */
  answer?: string
  /** Asked only because of another answer: left out where it was not answered. */
  followUp?: boolean
  /** One choice of a question that the form asks as one: the question's own words do not fit it. */
  choice?: boolean
  /** What it asked in minor versions before the one given. */
  earlier?: { beforeMinor: number; label: Label }
  unit?: Label
  columns?: { id: string; label: Label }[]
  rows?: { label: Label; answers: string[] }[]
}

export interface FormSection {
  id: string
  heading: Label
  /** Its category in the authorities' texts, where no question there says which it is in. */
  category?: string
  questions: FormQuestion[]
}

/** The form of a certificate type, of one or several major versions. */
export interface Form {
  type: string
  majorVersions: number[]
  /** What the doctor's form asks and no certificate carries, by its id in the authorities' texts. */
  formOnly?: string[]
  /** Ids of questions by the ids that the authorities' texts have for them, where those are others. */
  officialIds?: Record<string, string>
  infectionControl?: string
  diagnosis?: string
  /** Whether the patient wants the employer to know the diagnosis. */
  tellEmployer?: string
  period?: string
  degree?: string
  summary?: { question: string; label: Label }
  sections: FormSection[]
  /** Of the type and of codes, where an operator's wording says them in its own way. */
  name?: Label
  codes?: ReadonlyMap<string, Label>
}

/** What a code of a system is kept under. */
export const codeKey = (system: string, code: string): string => `${system} ${code}`

export interface Catalogue {
  form(type: string, version: string): Form | undefined
  typeName(type: string): Label | undefined
  code(system: string, code: string): Label | undefined
  /** A code system's id where it also goes by a name. */
  systemOf(name: string): string
  elementName(name: string): Label | undefined
  /** How a format from before 2015 answers the questions of a type's form. */
  oldFormatRules(type: string): readonly OldFormatRule[]
  /** Changes when anything that it lays on certificates changes. */
  revision: string
}

/** The delsvar that answers a question of one value. */
export function answerId({ id, answer }: FormQuestion): string {
  return answer ?? (id.includes('.') ? id : `${id}.1`)
}
