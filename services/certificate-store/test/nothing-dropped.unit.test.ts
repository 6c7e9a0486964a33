import { readdirSync } from 'node:fs'
import { cv, svar } from './documents.ts'
import { structured } from './structured.ts'

const forms = readdirSync(new URL('../catalogue/forms/', import.meta.url)).map((file) => {
  const [, type = '', version = ''] = /^(.+)-(\d+)\.json$/.exec(file) ?? []
  return { type, version }
})

/** Every string in a value. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

describe('nothing is dropped', () => {
  const questions = [...Array(75).keys(), 100, 103, 109, 200, 205, 209, 9001].map(String)

  /** An answer to every part of every question, text and code together. */
  function answersTo(times: number): { answers: string; written: string[] } {
    const written: string[] = []
    const answers = questions.flatMap((question) =>
      Array.from({ length: times }, (_, instance) => {
        const parts = Array.from({ length: 12 }, (_, part): [string, string] => {
          const text = `${question}.${part} (${instance})`
          written.push(text, `C ${text}`)
          return [`${question}.${part}`, text + cv(`C ${text}`, 'urn:x')]
        })
        return svar(question, parts, instance)
      }),
    )
    return { answers: answers.join(''), written }
  }

  test.each([...forms, { type: 'NYTT', version: '1' }])(
    'by the form of $type $version, whatever is answered and how often',
    (form) => {
      for (const times of [1, 2]) {
        const { answers, written } = answersTo(times)
        const shown = new Set(strings(structured({ ...form, answers }).sections))
        expect(written.filter((text) => !shown.has(text))).toEqual([])
      }
    },
  )
})

describe('documents made to be slow', () => {
  const many = Array.from({ length: 30_000 }, (_, index) => index)

  test.each([
    [
      'a part of its own in each instance',
      many.map((n) => svar('777', [[`777.${n}`, `t${n}`]], n)).join(''),
    ],
    [
      'all parts in one answer',
      svar(
        '777',
        many.map((n) => [`777.${n}`, `t${n}`]),
      ),
    ],
    [
      'all parts in one row of a table',
      svar(
        '32',
        many.map((n) => [`32.${n}`, `t${n}`]),
      ),
    ],
  ])('%s: all is shown, and a table is no larger than what was written', (_, answers) => {
    const shown = JSON.stringify(structured({ answers }).sections)
    expect(shown).toContain('"t29999"')
    expect(shown.length).toBeLessThan(30_000_000)
  })

  test('an element of its own in each row', () => {
    const rows = many.map((n) => `<x:rad><x:e${n}>t${n}</x:e${n}></x:rad>`).join('')
    const more = `<x:notis xmlns:x="urn:x">${rows}</x:notis>`
    expect(JSON.stringify(structured({ more }).sections)).toContain('"t29999"')
  })
})
