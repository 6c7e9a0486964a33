import { SaxesParser } from 'saxes'
import type { SaxesAttributeNS } from 'saxes'
import { decodeDocument } from './decode.ts'
import { UnreadableDocumentError } from './errors.ts'
import { atOnce } from './slices.ts'
import type { Sliced } from './slices.ts'

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
  attributes: readonly XmlAttribute[]
  children: (XmlElement | string)[]
  parent: XmlElement | undefined
  /** Namespaces declared on this very element, by prefix ('' is the default one). */
  declarations: Readonly<Record<string, string>>
  /** Where it stands in the text: from its `<` to behind its last `>`. */
  start: number
  end: number
  /** How many elements and attributes are within. */
  nodes: number
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
const charactersAtATime = 32 * 1024

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

// A class of its own: V8 makes a slow dictionary of a plain SaxesParser with more than six handlers.
class Parser extends SaxesParser<{ xmlns: true }> {}

const noAttributes: readonly XmlAttribute[] = []

/** Those that are no declarations of namespaces. */
function attributesOf(written: readonly SaxesAttributeNS[]): readonly XmlAttribute[] {
  let found = noAttributes as XmlAttribute[]
  for (const { uri: namespace, prefix, local: name, value } of written) {
    if (namespace === xmlnsNamespace) {
      if (value.length > maxNamespaceLength) throw new UnreadableDocumentError('not-well-formed')
      continue
    }
    if (found === noAttributes) found = []
    found.push({ namespace, prefix, name, value })
  }
  return found
}

function appendText(element: XmlElement | undefined, text: string): void {
  if (element === undefined) return
  const last = element.children.length - 1
  const previous = element.children[last]
  if (typeof previous === 'string') element.children[last] = previous + text
  else element.children.push(text)
}

/** Sees every element as it ends; what it takes does not stay in the tree. */
export type TakeElement = (element: XmlElement, text: string) => boolean

function createTreeBuilder(text: string, take: TakeElement) {
  const parser = new Parser({ xmlns: true })
  let current: XmlElement | undefined
  let root: XmlElement | undefined
  let depth = 0
  let nodes = 0
  let written: SaxesAttributeNS[] = []

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
  parser.on('attribute', (attribute) => {
    count()
    // Its namespace is known by the time that the tag ends, and is put into this very object.
    written.push(attribute)
  })
  parser.on('opentag', (tag) => {
    count()
    depth += 1
    if (depth > maxDepth) throw new UnreadableDocumentError('too-deep')
    if (tag.name.length > maxNameLength) throw new UnreadableDocumentError('not-well-formed')
    // A tag holds no other `<`, so the nearest one before is its own.
    const start = text.lastIndexOf('<', parser.position - 1)
    const { uri: namespace, prefix, local: name, ns: declarations } = tag
    const attributes = attributesOf(written)
    written = []
    const parent = current
    current = {
      namespace,
      prefix,
      name,
      attributes,
      children: [],
      parent,
      declarations,
      start,
      end: start,
      nodes,
    }
    parent?.children.push(current)
    root ??= current
  })
  parser.on('closetag', () => {
    depth -= 1
    const element = current
    if (element === undefined) return
    element.end = parser.position
    element.nodes = nodes - element.nodes
    current = element.parent
    if (take(element, text)) current?.children.pop()
  })
  for (const kind of ['text', 'cdata'] as const) {
    parser.on(kind, (chunk) => {
      appendText(current, chunk)
    })
  }
  return { parser, root: () => root }
}

export interface ReadXmlOptions {
  take?: TakeElement
  /** What the message around it says of its encoding; the document itself knows better. */
  charset?: string | undefined
}

/** Reads XML into a light tree. Any doctype is refused, and so no entity but XML's own five exists. */
export function* readXml(
  bytes: Uint8Array,
  { take = () => false, charset }: ReadXmlOptions = {},
): Sliced<XmlDocument> {
  if (bytes.length > maxDocumentBytes) throw new UnreadableDocumentError('too-large')
  const text = decodeDocument(bytes, charset)
  const { parser, root } = createTreeBuilder(text, take)
  for (let at = 0; at < text.length; at += charactersAtATime) {
    parser.write(text.slice(at, at + charactersAtATime))
    yield
  }
  parser.close()
  const element = root()
  if (element === undefined) throw new UnreadableDocumentError('not-well-formed')
  return { root: element, text }
}

/** The same, at once. */
export const parseXml = (bytes: Uint8Array): XmlDocument => atOnce(readXml(bytes))
