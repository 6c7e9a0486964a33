import { SaxesParser } from 'saxes'
import type { SaxesTagNS } from 'saxes'
import { escapeXml } from './certificates/wire.ts'
import { marker, personRoot } from './certificates/intyg.ts'
import type { JournalCertificate } from './certificates/intyg.ts'

/** A certificate element within a document: where it stands and what is needed to cut it out. */
interface Found {
  tag: SaxesTagNS
  start: number
  end: number
  /** Before this character relations and statuses may stand. */
  factsAt: number
  /** Declarations of its ancestors, by prefix. */
  scope: Record<string, string>
}

const certificateNames = new Set(['intyg', 'lakarutlatande'])
const afterFacts = new Set(['svar', 'underskrift', 'Signature'])

function findCertificates(xml: string): Found[] {
  const parser = new SaxesParser({ xmlns: true })
  const open: { tag: SaxesTagNS; start: number }[] = []
  const found: Found[] = []
  let tagStart = 0
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentagstart', () => {
    tagStart = xml.lastIndexOf('<', parser.position - 1)
  })
  parser.on('opentag', (tag) => {
    const current = found.at(-1)
    const within = open.findIndex((each) => each.tag === current?.tag)
    if (current !== undefined && within === open.length - 1 && within >= 0) {
      if (current.factsAt < 0 && afterFacts.has(tag.local)) current.factsAt = tagStart
    }
    if (within < 0 && certificateNames.has(tag.local)) {
      const scope = Object.assign({}, ...open.map((each) => each.tag.ns)) as Found['scope']
      found.push({ tag, start: tagStart, end: -1, factsAt: -1, scope })
    }
    open.push({ tag, start: tagStart })
  })
  parser.on('closetag', (tag) => {
    open.pop()
    const current = found.find((each) => each.tag === tag)
    if (current === undefined) return
    current.end = parser.position
    if (current.factsAt < 0) current.factsAt = xml.lastIndexOf('<', current.end - 1)
  })
  parser.write(xml).close()
  return found
}

const attribute = (value: string) => escapeXml(value).replaceAll('"', '&quot;')

/** The element with the declarations of its ancestors, and a marker where the journal's own facts go. */
function cut(xml: string, { tag, start, end, factsAt, scope }: Found): string {
  const afterName = start + 1 + tag.name.length
  const declarations = Object.entries(scope)
    .filter(([prefix]) => !(prefix in tag.ns))
    .map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${attribute(uri)}"`)
  const facts = tag.local === 'intyg' && xml.slice(start, end).includes('intygs-id') ? marker : ''
  return (
    xml.slice(start, afterName) +
    declarations.join('') +
    xml.slice(afterName, factsAt) +
    facts +
    xml.slice(factsAt, end)
  )
}

const idElement = /<([\w.-]+:)?(?:intygs-id|lakarutlatande-id|intygsId)\b/
// The doctor has a personId as well, and may stand before the patient.
const personElement = /<([\w.-]+:)?patient\b[\s\S]*?<([\w.-]+:)?(?:person-id|personId)\b/

/** The text of the first match behind an element's opening tag, as `[from, to]`. */
function valueAt(xml: string, element: RegExp, value: RegExp): [number, number] | undefined {
  const found = element.exec(xml)
  if (found === null) return undefined
  const begin = found.index + found[0].lastIndexOf('<')
  const match = value.exec(xml.slice(begin))
  if (match?.[1] === undefined) return undefined
  const from = begin + match.index + match[0].indexOf(match[1])
  return [from, from + match[1].length]
}

const extension = /extension(?:>|=")\s*([^<"\s]+)/
const idValue =
  /(?:extension(?:>|=")|<[^>]*(?:intygsId|lakarutlatande-id)[^>]*>)\s*([^<"\s][^<"]*?)\s*[<"]/
const root = /root(?:>|=")\s*([^<"\s]+)/

function replaceAt(xml: string, at: [number, number] | undefined, value: string): string {
  return at === undefined ? xml : xml.slice(0, at[0]) + value + xml.slice(at[1])
}

export interface LoadOptions {
  personNumber: string
  /** Gives each certificate this id where its own is taken. */
  newId: (id: string) => string
}

/**
 * The certificates of any document that holds some, as this patient's: number and id are put in, all else is as it
 * was written. Throws where the document is not well-formed.
 */
export function loadDocument(
  xml: string,
  { personNumber, newId }: LoadOptions,
): JournalCertificate[] {
  return findCertificates(xml).map((found) => {
    const element = cut(xml, found)
    const idAt = valueAt(element, idElement, idValue)
    const id = newId(idAt === undefined ? '' : element.slice(...idAt))
    const renamed = replaceAt(element, idAt, escapeXml(id))
    const dashed = /\d{8}-\d{4}/.test(personText(renamed))
    const number = dashed ? `${personNumber.slice(0, 8)}-${personNumber.slice(8)}` : personNumber
    const owned = replaceAt(renamed, valueAt(renamed, personElement, extension), number)
    const rooted = replaceAt(owned, valueAt(owned, personElement, root), personRoot(personNumber))
    return {
      id,
      personNumber,
      type: typeOf(element),
      signedAt:
        /<[^>]*(?:signeringstidpunkt|signeringsdatum|signeringsTidstampel)[^>]*>([^<]+)/.exec(
          element,
        )?.[1] ?? '',
      relations: [],
      statuses: [],
      xml: rooted,
    }
  })
}

function typeOf(element: string): string {
  if (element.includes('lakarutlatande-id')) return 'fk7263'
  const [, older] = /intygsTyp>\s*([^<\s]+)/.exec(element) ?? []
  const [, code] = /typ>\s*<[^>]*code>\s*([^<\s]+)/.exec(element) ?? []
  return (older ?? code ?? '').toLowerCase()
}

function personText(xml: string): string {
  const at = valueAt(xml, personElement, extension)
  return at === undefined ? '' : xml.slice(...at)
}
