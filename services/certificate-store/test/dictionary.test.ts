import { readFileSync, readdirSync } from 'node:fs'
import { canonicalTypeCode, typeRule } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { loadCatalogue, standardCatalogue } from '../src/structure/catalogue.ts'
import type { Form } from '../src/structure/catalogue-model.ts'
import { answerId } from '../src/structure/catalogue-model.ts'
import type { OfficialTexts } from '../src/structure/official-texts.ts'
import { unknownQuestions, wordedBy, indexOf } from '../src/structure/official-wording.ts'

const folder = `${sharedFolder}/rivta/dictionary`

interface DictionaryFile extends OfficialTexts {
  type: string
  wire?: Record<string, Record<string, unknown>>
}

function readDictionary() {
  return readdirSync(folder).map((file) => {
    const texts = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as DictionaryFile
    const type = canonicalTypeCode(texts.wireTypeCode)
    return { file, type, texts, form: standardCatalogue().form(type, texts.version) }
  })
}

const questionsOf = (form: Form) => form.sections.flatMap((section) => section.questions)

/** Every delsvar that a form gives a place of its own, and the svar that it reads whole. */
function placesOf(form: Form): { parts: string[]; whole: string[] } {
  const questions = questionsOf(form)
  return {
    parts: questions.flatMap((question) => {
      if (question.kind === 'grid') return (question.rows ?? []).flatMap(({ answers }) => answers)
      if (question.kind === 'table') return (question.columns ?? []).map(({ id }) => id)
      return question.kind === 'diagnoses' ? [] : [answerId(question)]
    }),
    whole: questions.filter(({ kind }) => kind === 'diagnoses').map(({ id }) => id),
  }
}

/** Seen in certificates of a version whose form does not ask it; shown under its id. */
const notOfTheForm: Record<string, string[]> = {
  // The last part of a question that is put under another one.
  'AF00213 1': ['5.2'],
  // A certificate for another authority that calls itself LISJP.
  'LISJP 1': ['2.1', '2.2', '3.1', '3.2', '4.1', '4.2', '5.1'],
  // Taken over from the certificate to Försäkringskassan, whose contact question has another id.
  'AG7804 2': ['26.1', '26.2'],
  // Certificates of version 3 that call themselves version 4.
  'TSTRK1031 4': [
    '8.1',
    '8.2',
    '8.3',
    '8.4',
    '8.5',
    '8.6',
    '8.7',
    '37.1',
    '41.1',
    '45.1',
    '100.1',
    '103.1',
    '108.1',
    '108.2',
  ],
  // Answers of version 1 under the number of version 2.
  'TS8071 2': ['12.2', '21.3', '22.2', '25.2'],
}

/** Stands in certificates, and not as a question of its own in the authorities' texts. */
const notInTheTexts: Record<string, string[]> = {
  // One of the answers to a question.
  'FK7263 1': ['10005.2', '10006.2'],
  // Only in the format from before 2015.
  'TSTRK1007 6': ['kanInteTaStallning'],
  'TSTRK1031 2': [
    'harSynfaltsdefekt',
    'finnsSynfaltsprovning',
    'finnsProvningOgatsRorlighet',
    'kanInteTaStallning',
  ],
}

describeWithShared('the catalogue against the authorities’ forms', () => {
  const dictionary = readDictionary()
  const shown = dictionary.filter(({ type }) => typeRule(type).shown)
  const nameOf = ({ type, form }: (typeof dictionary)[number]) =>
    `${type} ${form?.majorVersions[0]}`

  test('has a form for every type and version that patients are shown, and for no other', () => {
    expect(shown.length).toBeGreaterThan(35)
    expect(shown.filter(({ form }) => form === undefined).map(({ file }) => file)).toEqual([])
    const never = dictionary.filter(({ type }) => !typeRule(type).shown)
    expect(never.length).toBeGreaterThan(4)
    expect(never.filter(({ form }) => form !== undefined).map(({ file }) => file)).toEqual([])
  })

  test.each(dictionary)('$file: its names mean one type, in any case', ({ type, texts }) => {
    const names = [texts.type, texts.type.toUpperCase(), ` ${texts.wireTypeCode} `]
    expect(
      names.map(canonicalTypeCode).filter((code) => typeRule(code) !== typeRule(type)),
    ).toEqual([])
  })

  test.each(shown)('$file: every question is known', ({ form, texts }) => {
    expect(unknownQuestions(form!, texts)).toEqual([])
  })

  test.each(shown)('$file: every part seen on the wire has a place', (each) => {
    const { parts, whole } = placesOf(each.form!)
    const seen = Object.values(each.texts.wire ?? {}).flatMap((svar) => Object.keys(svar))
    const exceptions = notOfTheForm[nameOf(each)] ?? []
    const unknown = seen.filter(
      (part) => !parts.includes(part) && !whole.includes(part.split('.')[0]!),
    )
    expect(unknown.filter((part) => !exceptions.includes(part))).toEqual([])
  })

  test.each([...new Set(shown.map(nameOf))])('%s has no question that there is not', (name) => {
    const versions = shown.filter((each) => nameOf(each) === name)
    const form = versions[0]!.form!
    const index = indexOf(form)
    const known = new Set(
      versions.flatMap(({ texts }) => [
        ...texts.elements.flatMap((element) => {
          const { questions, parts } = wordedBy(element, index)
          return [...questions, ...parts, ...parts.flatMap((part) => index.parts.get(part) ?? [])]
        }),
        ...Object.values(texts.wire ?? {}).flatMap((svar) => Object.keys(svar)),
      ]),
    )
    const unknown = questionsOf(form).filter(
      (question) => !known.has(question.id) && !known.has(answerId(question)),
    )
    expect(unknown.map(({ id }) => id)).toEqual(notInTheTexts[name] ?? [])
  })

  test.each(shown)(
    '$file: sections and questions stand in the order of the form',
    ({ form, texts }) => {
      const index = indexOf(form!)
      const categories = texts.elements
        .filter(({ kind }) => kind === 'CATEGORY')
        .map(({ id }) => id)
      const isNested = texts.elements.some(({ parent = '' }) => categories.includes(parent))
      const asked = texts.elements
        .filter(
          ({ kind, id }) =>
            !/CATEGORY|HEADER|MESSAGE/.test(kind) && form!.formOnly?.includes(id) !== true,
        )
        .map((element) => wordedBy(element, index))
        .flatMap(({ questions, parts }) =>
          // Where an element names several, they are worded alike and come in their own places.
          questions.length === 1
            ? questions
            : parts.length === 1
              ? (index.parts.get(parts[0]!) ?? [])
              : [],
        )
      const ours = questionsOf(form!).map(({ id }) => id)
      const inOrder = ours.filter((id) => asked.includes(id))
      // Without sections the texts list the parts of questions last.
      const theirs = [...new Set(asked)].filter((id) => isNested || !id.includes('.'))
      if (isNested) expect(inOrder).toEqual(theirs)
      else expect([...theirs].sort()).toEqual(inOrder.filter((id) => !id.includes('.')).sort())
    },
  )

  test.each(shown)('$file: no text of some length is copied from it', ({ form, texts }) => {
    const theirs = new Set(texts.elements.map(({ label }) => (label ?? '').toLowerCase().trim()))
    const ours = form!.sections.flatMap(({ heading, questions }) => [
      heading.sv,
      ...questions.map(({ label }) => label.sv),
    ])
    const copied = ours.filter(
      (label) => label.split(' ').length > 5 && theirs.has(label.toLowerCase()),
    )
    expect(copied).toEqual([])
  })

  test('can be laid over the catalogue as an operator’s own wording', () => {
    const official = loadCatalogue({ texts: folder })
    expect(official.revision).not.toBe(standardCatalogue().revision)
    for (const { type, texts } of shown) {
      const laid = official.form(type, texts.version)!
      const ours = standardCatalogue().form(type, texts.version)!
      const words = laid.sections.flatMap(({ heading, questions }) => [
        heading,
        ...questions.map(({ label }) => label),
      ])
      const own = ours.sections.flatMap(({ heading, questions }) => [
        heading,
        ...questions.map(({ label }) => label),
      ])
      expect(words.map(({ en }) => en)).toEqual(own.map(({ en }) => en))
      const isWorded =
        laid.name !== ours.name || words.some(({ sv }, index) => sv !== own[index]?.sv)
      expect([type, isWorded]).toEqual([type, true])
      expect(words.filter(({ sv }) => sv.trim() === '' || /<|>/.test(sv))).toEqual([])
    }
  })
})
