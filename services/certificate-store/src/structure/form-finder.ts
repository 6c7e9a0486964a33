import { ConfigError } from '@minaintyg/config'
import type { Form, Label } from './catalogue-model.ts'
import { faultIn } from './official-texts.ts'
import type { OfficialTextsFile } from './official-texts.ts'
import { unknownQuestions, withOfficialWording } from './official-wording.ts'
import type { KnownCodes } from './official-wording.ts'

interface Laid {
  official: readonly OfficialTextsFile[]
  types: Record<string, Label>
  known: KnownCodes
}

/** 6.7 is the seventh minor of the sixth major version; 1 is 1.0. */
function versionOf(version: string): { major: number; minor: number } {
  const [major = '', minor = '0'] = version.trim().split('.')
  return { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) || 0 }
}

/** The form as an earlier minor version asked its questions. */
function atMinor(form: Form, minor: number): Form {
  const sections = form.sections.map((section) => ({
    ...section,
    questions: section.questions.map((question) =>
      question.earlier !== undefined && minor < question.earlier.beforeMinor
        ? { ...question, label: question.earlier.label }
        : question,
    ),
  }))
  return { ...form, sections }
}

/** The first minor versions from which a form asks otherwise than before. */
function changesOf({ sections }: Form): number[] {
  const questions = sections.flatMap((section) => section.questions)
  const minors = questions.flatMap(({ earlier }) => earlier?.beforeMinor ?? [])
  return [...new Set([0, ...minors])].sort((a, b) => a - b)
}

function layOver(forms: ReadonlyMap<string, Form>, { official, types, known }: Laid) {
  const faults: string[] = []
  const laid = new Map<string, Form>()
  for (const { path, type, texts } of official) {
    const { major, minor } = versionOf(texts.version)
    const form = forms.get(`${type} ${major}`)
    const name = types[type]
    if (form === undefined || name === undefined) {
      faults.push(faultIn(path, `version ${texts.version} of ${type} is unknown`))
      continue
    }
    const unknown = unknownQuestions(form, texts)
    if (unknown.length > 0) {
      faults.push(faultIn(path, `question ${unknown.join(', ')} is unknown in ${type} ${major}`))
    }
    const asked = atMinor(form, minor)
    laid.set(`${type} ${major}.${minor}`, withOfficialWording(asked, texts, { known, name }))
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return laid
}

/**
 * The form of a type and version. Minor versions share one, but for questions that were asked otherwise, and for an
 * operator's wording, which holds for the very version that it was written for.
 * @throws {ConfigError} where an operator's wording is of a version or question that there is not
 */
export function createFormFinder(forms: ReadonlyMap<string, Form>, laid: Laid) {
  const official = layOver(forms, laid)
  const byMinor = new Map<Form, { from: number; form: Form }[]>()
  for (const form of forms.values()) {
    byMinor.set(
      form,
      changesOf(form).map((from) => ({ from, form: atMinor(form, from) })),
    )
  }
  return (type: string, version: string): Form | undefined => {
    const { major, minor } = versionOf(version)
    const form = forms.get(`${type} ${major}`)
    if (form === undefined) return undefined
    const found = official.get(`${type} ${major}.${minor}`)
    return found ?? byMinor.get(form)?.findLast(({ from }) => from <= minor)?.form
  }
}
