import { attribute, childElements, childrenNamed, isRivta, textContent } from '../rivta/elements.ts'
import type { Answer, AnswerContent } from '../rivta/parsed-certificate.ts'
import type { XmlElement } from '../rivta/xml.ts'
import { questionOf } from './answered-questions.ts'

/** Codes of the formats from before 2015 are bare words; the catalogue keeps them under this name. */
export const oldCodes = 'old-formats'

/** What answers a question in an element: its text as written, or as a code. */
interface LeafRule {
  at: string
  to: string
  code?: boolean
}

/** A code in the element says which question the text beside it answers; alone it is the answer. */
interface ChoiceRule {
  at: string
  by: string
  content: string
  to: Record<string, string>
}

/** Each element answers the question anew. */
interface RowRule {
  at: string
  row: Record<string, { code: string } | { text: string } | { from: string; to: string }>
}

/** How elements of a format from before 2015 answer the questions of its form. */
export type OldFormatRule = LeafRule | ChoiceRule | RowRule

export interface OldFormatAnswers {
  answers: Answer[]
  /** What no rule has read. */
  rest: XmlElement[]
}

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'
const ofCodes = new Set([
  'code',
  'codeSystem',
  'codeSystemName',
  'codeSystemVersion',
  'displayName',
])

/** Whether the text and the code of an element are all there is to it. */
const isPlain = (element: XmlElement): boolean =>
  childElements(element).length === 0 &&
  element.attributes.every(
    ({ name, namespace }) => namespace === schemaInstance || ofCodes.has(name),
  )

const textOf = (element: XmlElement) => textContent(element).trim()

function codeOf(text: string): AnswerContent {
  return { kind: 'code', code: text, system: oldCodes, displayName: null, originalText: null }
}

function contentOf(element: XmlElement, asCode = false): AnswerContent[] {
  const text = textOf(element)
  const code = attribute(element, 'code')
  if (code !== null) {
    const system = attribute(element, 'codeSystem') ?? attribute(element, 'codeSystemName') ?? ''
    const displayName = attribute(element, 'displayName')
    return [{ kind: 'code', code, system, displayName, originalText: text === '' ? null : text }]
  }
  if (text === '') return []
  return [asCode ? codeOf(text) : { kind: 'text', text }]
}

/** Reads elements by rules, and keeps account of what it has read. */
function createReader() {
  const answers: Answer[] = []
  const read = new Set<XmlElement>()

  const take = (element: XmlElement | undefined, asCode = false): AnswerContent[] => {
    if (element === undefined || !isPlain(element)) return []
    read.add(element)
    return contentOf(element, asCode)
  }
  const answer = (delsvar: string, contents: AnswerContent[]) => {
    if (contents.length > 0) {
      answers.push({ id: questionOf(delsvar), instance: null, parts: [{ id: delsvar, contents }] })
    }
  }

  const cellOf = (row: XmlElement, cell: { code: string } | { text: string }): AnswerContent[] =>
    'code' in cell
      ? childrenNamed(row, cell.code).flatMap((one) => take(one, true))
      : childrenNamed(row, cell.text).flatMap((one) => take(one))

  const period = (row: XmlElement, { from, to }: { from: string; to: string }): AnswerContent[] => {
    const [start = null, end = null] = [from, to].map((name) => {
      const [written] = take(childrenNamed(row, name)[0])
      return written?.kind === 'text' ? written.text : undefined
    })
    return start === null && end === null ? [] : [{ kind: 'period', start, end }]
  }

  return {
    answers,
    read,
    leaf(element: XmlElement, { to, code }: LeafRule) {
      answer(to, take(element, code))
    },
    choice(element: XmlElement, { by, content, to }: ChoiceRule) {
      const [chosen] = childrenNamed(element, by)
      const code = chosen !== undefined && isPlain(chosen) ? textOf(chosen) : ''
      const delsvar = Object.hasOwn(to, code) ? to[code] : undefined
      if (chosen === undefined || delsvar === undefined) return
      const written = childrenNamed(element, content).flatMap((one) => take(one))
      read.add(chosen)
      answer(delsvar, written.length > 0 ? written : [codeOf(code)])
    },
    row(element: XmlElement, { row }: RowRule) {
      const parts = Object.entries(row).map(([id, cell]) => ({
        id,
        contents: 'from' in cell ? period(element, cell) : cellOf(element, cell),
      }))
      const [first] = parts
      if (first !== undefined && parts.some(({ contents }) => contents.length > 0)) {
        answers.push({ id: questionOf(first.id), instance: null, parts })
      }
    },
  }
}

function elementsAt(elements: XmlElement[], path: string): XmlElement[] {
  const [first = '', ...names] = path.split('/')
  const top = elements.filter((element) => element.name === first && isRivta(element))
  return names.reduce((at, name) => at.flatMap((element) => childrenNamed(element, name)), top)
}

const isEmptied = (element: XmlElement): boolean =>
  element.attributes.every(({ namespace }) => namespace === schemaInstance) &&
  element.children.every((node) => typeof node === 'string' && node.trim() === '')

/** The elements without what was read of them. */
function unread(elements: XmlElement[], read: ReadonlySet<XmlElement>): XmlElement[] {
  return elements.flatMap((element) => {
    if (read.has(element)) return []
    if (childElements(element).length === 0) return [element]
    const children = element.children.flatMap((node): (XmlElement | string)[] =>
      typeof node === 'string' ? [node] : unread([node], read),
    )
    const left = { ...element, children }
    return isEmptied(left) ? [] : [left]
  })
}

/** Answers to the questions of a form, as a format from before 2015 gives them. */
export function oldFormatAnswers(
  elements: XmlElement[],
  rules: readonly OldFormatRule[],
): OldFormatAnswers {
  const reader = createReader()
  for (const rule of rules) {
    for (const element of elementsAt(elements, rule.at)) {
      if ('row' in rule) reader.row(element, rule)
      else if ('by' in rule) reader.choice(element, rule)
      else reader.leaf(element, rule)
    }
  }
  return { answers: reader.answers, rest: unread(elements, reader.read) }
}
