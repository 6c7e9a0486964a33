import { readFileSync, readdirSync } from 'node:fs'
import { typeRule, typeRules } from '@minaintyg/certificate-model'
import { standardCatalogue } from '../src/structure/catalogue.ts'
import type { Form } from '../src/structure/catalogue-model.ts'

const directory = new URL('../catalogue/', import.meta.url)
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, directory), 'utf8'))
const forms = readdirSync(new URL('forms/', directory)).map((file) => ({
  file,
  form: read(`forms/${file}`) as Form,
}))

/** Every pair of a Swedish and an English text. */
function labels(value: unknown): [unknown, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  if ('sv' in value || 'en' in value) {
    const { sv, en } = value as Record<string, unknown>
    return [[sv, en]]
  }
  return Object.values(value).flatMap(labels)
}

describe('the catalogue', () => {
  test('names every type that patients are shown, in both languages', () => {
    const shown = typeRules.filter((rule) => rule.shown).map(({ codes }) => codes[0]!)
    const catalogue = standardCatalogue()
    expect(shown.filter((type) => catalogue.typeName(type) === undefined)).toEqual([])
  })

  test('has a form of every type that patients are shown', () => {
    const shown = typeRules.filter((rule) => rule.shown).map(({ codes }) => codes[0]!)
    const known = new Set(forms.map(({ form }) => form.type))
    expect(shown.filter((type) => !known.has(type))).toEqual([])
  })

  test.each([
    'types.json',
    'codes.json',
    'elements.json',
    ...forms.map(({ file }) => `forms/${file}`),
  ])('%s has every text in both languages', (file) => {
    const all = labels(read(file))
    expect(all.length).toBeGreaterThan(0)
    expect(all.flat().filter((text) => typeof text !== 'string' || text.trim() === '')).toEqual([])
  })

  test.each(forms)('$file asks each question once, and its roles are questions', ({ form }) => {
    const questions = form.sections.flatMap((section) => section.questions)
    const ids = questions.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const columns = questions.flatMap(({ columns = [] }) => columns.map(({ id }) => id))
    const parts = new Set([...ids, ...ids.map((id) => `${id}.1`), ...columns])
    const roles = [
      form.diagnosis,
      form.tellEmployer,
      form.infectionControl,
      form.period,
      form.degree,
      form.summary?.question,
    ]
    expect(roles.filter((role) => role !== undefined && !parts.has(role))).toEqual([])
  })

  test.each(forms.filter(({ form }) => typeRule(form.type).hideDiagnosis === true))(
    '$file agrees with the certificate model on which questions are about the diagnosis',
    ({ form }) => {
      expect(typeRule(form.type).diagnosisQuestions).toEqual({
        answers: [form.diagnosis],
        disclosure: form.tellEmployer,
      })
    },
  )
})
