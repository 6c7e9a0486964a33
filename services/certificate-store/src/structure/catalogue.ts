import { readFileSync, readdirSync } from 'node:fs'

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
  unit?: Label
  columns?: { id: string; label: Label }[]
  rows?: { label: Label; answers: string[] }[]
}

export interface FormSection {
  id: string
  heading: Label
  questions: FormQuestion[]
}

/** The form of a certificate type, of one or several major versions. */
export interface Form {
  type: string
  majorVersions: number[]
  infectionControl?: string
  diagnosis?: string
  /** Whether the patient wants the employer to know the diagnosis. */
  tellEmployer?: string
  period?: string
  degree?: string
  summary?: { question: string; label: Label }
  sections: FormSection[]
}

export interface Catalogue {
  form(type: string, version: string): Form | undefined
  typeName(type: string): Label | undefined
  code(system: string, code: string): Label | undefined
  elementName(name: string): Label | undefined
}

interface CodeLists {
  aliases: Record<string, string>
  systems: Record<string, Record<string, Label>>
}

const standardDirectory = new URL('../../catalogue/', import.meta.url)

const own = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** Reads the catalogue's data files: forms, names of types, and lists of codes. */
export function loadCatalogue(directory: URL = standardDirectory): Catalogue {
  const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, directory), 'utf8'))
  const forms = new Map<string, Form>()
  for (const file of readdirSync(new URL('forms/', directory))) {
    if (!file.endsWith('.json')) continue
    const form = read(`forms/${file}`) as Form
    for (const major of form.majorVersions) forms.set(`${form.type} ${major}`, form)
  }
  const types = read('types.json') as Record<string, Label>
  const elements = read('elements.json') as Record<string, Label>
  const { aliases, systems } = read('codes.json') as CodeLists
  return {
    form: (type, version) => forms.get(`${type} ${Number.parseInt(version, 10)}`),
    typeName: (type) => own(types, type),
    code(system, code) {
      const list = own(systems, own(aliases, system) ?? system)
      return list === undefined ? undefined : own(list, code)
    },
    elementName: (name) => own(elements, name),
  }
}

let standard: Catalogue | undefined

/** The catalogue that ships with the service, read once. */
export function standardCatalogue(): Catalogue {
  standard ??= loadCatalogue()
  return standard
}
