import type { Verification } from '@minaintyg/contracts'
import type { Language } from '@minaintyg/service'
import { escapeHtml, page } from '../meta/page.ts'
import { verificationWords } from './verification-words.ts'
import type { Words } from './verification-words.ts'

type Genuine = Extract<Verification, { genuine: true }>

/** As it stands on the paper: Swedish local time, whatever the language. */
const paperTime = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  dateStyle: 'short',
  timeStyle: 'short',
})

const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`
const heading = (text: string) => `<h1>${escapeHtml(text)}</h1>`

function genuineContent({ type, issuedAt, unit, status, adapted }: Genuine, words: Words): string {
  const { facts, standing, compare } = words
  const issued = issuedAt === null ? words.notSaid : paperTime.format(new Date(issuedAt))
  const rows = [
    [facts.type, type.name],
    [facts.issued, issued],
    [facts.unit, unit.name === '' ? words.notSaid : unit.name],
    [facts.copy, adapted ? words.adapted : words.whole],
  ].map(([term = '', said = '']) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(said)}</dd>`)
  return [
    heading(standing[status].heading),
    paragraph(standing[status].text),
    `<dl>${rows.join('')}</dl>`,
    `<h2>${escapeHtml(compare.heading)}</h2>`,
    paragraph(compare.text),
    paragraph(words.limits),
  ].join('\n')
}

/** What whoever holds a paper reads of it. */
export function verificationPage(found: Verification, language: Language): string {
  const words = verificationWords[language]
  const { unknown } = words
  const content = found.genuine
    ? genuineContent(found, words)
    : [heading(unknown.heading), paragraph(unknown.text), paragraph(unknown.advice)].join('\n')
  return page({ language, title: words.title, content })
}

/** The same where nothing could be found out. */
export function failurePage(status: number, language: Language): string {
  const { failed, title } = verificationWords[language]
  const kind = status === 404 ? failed.off : status === 429 ? failed.tooMany : failed.later
  return page({ language, title, content: `${heading(kind.heading)}\n${paragraph(kind.text)}` })
}
