import { SaxesParser } from 'saxes'
import type { SaxesTagNS } from 'saxes'
import { decodeDocument } from './decode.ts'
import { UnreadableDocumentError } from './errors.ts'

export interface XmlAttribute {
  namespace: string
  prefix: string
  name: string
  value: string
}

/** An element by namespace and local name; its children and text in the order they were written. */
export interface XmlElement {
  namespace: string
  prefix: string
  name: string
  attributes: XmlAttribute[]
  children: (XmlElement | string)[]
  parent: XmlElement | undefined
  /** Namespaces declared on this very element, by prefix ('' is the default one). */
  declarations: Readonly<Record<string, string>>
  /** Where it stands in the text: from its `<` to behind its last `>`. */
  start: number
  end: number
}

export interface XmlDocument {
  root: XmlElement
  text: string
}

// vp.max.receive.length: the national platform itself passes no more on.
export const maxDocumentBytes = 15 * 1024 * 1024
const maxDepth = 100
const maxNodes = 500_000
const maxNamespaceLength = 500
const maxNameLength = 200

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

function toElement(tag: SaxesTagNS, parent: XmlElement | undefined, start: number): XmlElement {
  return {
    namespace: tag.uri,
    prefix: tag.prefix,
    name: tag.local,
    attributes: Object.values(tag.attributes)
      .filter(({ uri }) => uri !== xmlnsNamespace)
      .map(({ uri, prefix, local, value }) => ({ namespace: uri, prefix, name: local, value })),
    children: [],
    parent,
    declarations: tag.ns,
    start,
    end: start,
  }
}

function appendText(element: XmlElement | undefined, text: string): void {
  if (element === undefined) return
  const last = element.children.length - 1
  const previous = element.children[last]
  if (typeof previous === 'string') element.children[last] = previous + text
  else element.children.push(text)
}

function createTreeBuilder(parser: SaxesParser<{ xmlns: true }>, text: string) {
  let current: XmlElement | undefined
  let root: XmlElement | undefined
  let depth = 0
  let nodes = 0
  let start = 0

  const count = () => {
    nodes += 1
    if (nodes > maxNodes) throw new UnreadableDocumentError('too-many-elements')
  }
  parser.on('error', () => {
    // The parser's own message may quote the document.
    throw new UnreadableDocumentError('not-well-formed', `${parser.line}:${parser.column}`)
  })
  parser.on('doctype', () => {
    throw new UnreadableDocumentError('doctype-refused')
  })
  parser.on('attribute', count)
  parser.on('opentagstart', () => {
    // No name holds a `<`, so the nearest one before is the tag's own.
    start = text.lastIndexOf('<', parser.position - 1)
  })
  parser.on('opentag', (tag) => {
    count()
    depth += 1
    if (depth > maxDepth) throw new UnreadableDocumentError('too-deep')
    if (tag.name.length > maxNameLength) throw new UnreadableDocumentError('not-well-formed')
    if (Object.values(tag.ns).some((uri) => uri.length > maxNamespaceLength)) {
      throw new UnreadableDocumentError('not-well-formed')
    }
    const element = toElement(tag, current, start)
    current?.children.push(element)
    root ??= element
    current = element
  })
  parser.on('closetag', () => {
    depth -= 1
    if (current === undefined) return
    current.end = parser.position
    current = current.parent
  })
  parser.on('text', (chunk) => {
    appendText(current, chunk)
  })
  parser.on('cdata', (chunk) => {
    appendText(current, chunk)
  })
  return () => root
}

/** Reads XML into a light tree. Any doctype is refused, and so no entity but XML's own five exists. */
export function parseXml(bytes: Uint8Array): XmlDocument {
  if (bytes.length > maxDocumentBytes) throw new UnreadableDocumentError('too-large')
  const text = decodeDocument(bytes)
  const parser = new SaxesParser({ xmlns: true })
  const root = createTreeBuilder(parser, text)
  parser.write(text).close()
  const element = root()
  if (element === undefined) throw new UnreadableDocumentError('not-well-formed')
  return { root: element, text }
}
