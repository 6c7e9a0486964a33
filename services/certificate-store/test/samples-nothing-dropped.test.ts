import { readFileSync, readdirSync } from 'node:fs'
import type { AnswerValue, CertificateItem } from '@minaintyg/certificate-model'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { childElements } from '../src/rivta/elements.ts'
import { parseXml } from '../src/rivta/xml.ts'
import type { XmlElement } from '../src/rivta/xml.ts'
import { structureCertificate } from '../src/structure/structure-certificate.ts'

const samples = `${sharedFolder}/rivta/samples`
const files = () =>
  readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.xml') && !path.startsWith('messages/'),
  )
const languages = ['sv', 'en'] as const

/** The content of a value, without the words that only say what kind of value it is. */
function contents(value: AnswerValue): string[] {
  switch (value.type) {
    case 'text':
      return [value.text]
    case 'boolean':
      return [String(value.value)]
    case 'date':
      return [value.date]
    case 'period':
      return [value.from ?? [], value.to ?? []].flat()
    case 'code':
      return [value.code, value.system, value.display ?? []].flat()
    case 'quantity':
      return [String(value.value), value.unit ?? []].flat()
    case 'list':
      return value.items.flatMap(contents)
    case 'table':
      return value.rows.flat().flatMap(contents)
    case 'notStated':
      return []
  }
}

/** The texts of an element and all within it, but for what only tells how to read another text. */
function texts(element: XmlElement): string[] {
  if (['codeSystemName', 'codeSystemVersion', 'format'].includes(element.name)) return []
  return element.children
    .flatMap((node) => (typeof node === 'string' ? [node.trim()] : texts(node)))
    .filter((text) => text !== '')
}

function descendants(element: XmlElement, name: string): XmlElement[] {
  return childElements(element).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ])
}

/** Takes each text away from what is shown, once; what is left was written and is not shown. */
function notShown(written: string[], shown: string[]): string[] {
  const left = new Map<string, number>()
  for (const text of shown) left.set(text, (left.get(text) ?? 0) + 1)
  const asMeant: Record<string, string> = { 1: 'true', 0: 'false' }
  return written.filter((text) => {
    // A text is found as it is, or as the yes, no or number that it stands for.
    const found = [text, asMeant[text] ?? text, String(Number(text.replace(',', '.')))].find(
      (one) => (left.get(one) ?? 0) > 0,
    )
    if (found !== undefined) left.set(found, (left.get(found) ?? 0) - 1)
    return found === undefined
  })
}

/** Items of a question, and of parts that a journal has put under another question than their own. */
const isOf =
  (question: string, svar: XmlElement[]) =>
  ({ id }: CertificateItem): boolean =>
    id === question ||
    id.startsWith(`${question}.`) ||
    svar.some((one) => descendants(one, 'delsvar').some((part) => attributeOf(part, 'id') === id))

const attributeOf = (element: XmlElement, name: string) =>
  element.attributes.find((one) => one.name === name)?.value ?? ''

/** In English a code is shown with our own words for it in place of the journal's Swedish ones. */
function withoutDisplayNames(svar: XmlElement[]): string[] {
  const swedish = svar.flatMap((one) => descendants(one, 'displayName')).flatMap(texts)
  return notShown(delsvarTexts(svar), swedish)
}

const delsvarTexts = (svar: XmlElement[]) =>
  svar.flatMap((one) => descendants(one, 'delsvar')).flatMap(texts)

/** Words of the old formats that say which question the text beside them answers. */
const questionsOfOldCodes: Record<string, string> = {
  Kroppsfunktion: '35',
  Aktivitet: '17',
  Ovrigt: '10003.3',
  Planerad_eller_pagaende_behandling_eller_atgard_inom_sjukvarden: '10004',
  Planerad_eller_pagaende_annan_atgard: '10004.2',
}

/** The name of a code system only helps where its id is missing. */
function attributesWithin(element: XmlElement): string[] {
  const hasSystem = attributeOf(element, 'codeSystem') !== ''
  return [
    ...element.attributes
      .filter(({ namespace }) => namespace !== 'http://www.w3.org/2001/XMLSchema-instance')
      .filter(({ name }) => !(hasSystem && name === 'codeSystemName'))
      .map(({ value }) => value),
    ...childElements(element).flatMap(attributesWithin),
  ]
}

function certificatesOf(file: string) {
  const bytes = readFileSync(`${samples}/${file}`)
  const parsed = parseCertificateDocument(bytes).map((entry) => {
    if (!entry.readable) throw new Error('An entry could not be read')
    return entry
  })
  return { bytes, parsed }
}

describeWithShared('nothing that stands in the samples is dropped', () => {
  const all = files()

  test('from none of the certificates in the manifest', () => {
    const listed = readFileSync(`${samples}/MANIFEST.csv`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => /^[^,]+\.xml/.exec(line)?.[0] ?? [])
      .filter((file) => !file.startsWith('messages/'))
    expect(listed.length).toBeGreaterThan(50)
    expect([...all].sort()).toEqual(listed.sort())
  })

  test.each(all)('%s: every answer stands under its question, as often as given', (file) => {
    const { bytes, parsed } = certificatesOf(file)
    const { root } = parseXml(bytes)
    const svar = descendants(root, 'svar')
    const questions = new Set(svar.map((one) => attributeOf(one, 'id')))
    for (const language of languages) {
      const items = parsed.flatMap((certificate) =>
        structureCertificate(certificate, { language }).sections.flatMap(
          (section) => section.items,
        ),
      )
      const lost = [...questions].flatMap((question) => {
        const asked = svar.filter((one) => attributeOf(one, 'id') === question)
        const written = language === 'sv' ? delsvarTexts(asked) : withoutDisplayNames(asked)
        const shown = items.filter(isOf(question, asked))
        if (shown.length === 0) return [`question ${question}`]
        const said = shown.flatMap(({ value }) => contents(value))
        return notShown(written, said).map((text) => `${question}: ${text}`)
      })
      expect([language, lost]).toEqual([language, []])
    }
  })

  test.each(all)('%s: every element and attribute outside answers is shown', (file) => {
    const { parsed } = certificatesOf(file)
    for (const certificate of parsed) {
      for (const language of languages) {
        const items = structureCertificate(certificate, { language }).sections.flatMap(
          (section) => section.items,
        )
        const asked = certificate.otherContent
          .flatMap(texts)
          .flatMap((text) => questionsOfOldCodes[text] ?? [])
        const written = certificate.otherContent.flatMap((element) => [
          ...texts(element).filter((text) => questionsOfOldCodes[text] === undefined),
          ...attributesWithin(element),
        ])
        const said = items.flatMap(({ value }) => contents(value))
        expect([language, notShown(written, said)]).toEqual([language, []])
        expect(asked.filter((question) => !items.some(({ id }) => id === question))).toEqual([])
      }
    }
  })
})
