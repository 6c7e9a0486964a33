import { child, childElements, isRivta, textAt } from './elements.ts'
import { UnreadableDocumentError } from './errors.ts'
import { identifier, isId, isIntyg, parseIntyg } from './intyg.ts'
import { isOldFormat, parseOldFormat } from './old-formats.ts'
import type { ParsedEntry } from './parsed-certificate.ts'
import { atOnce } from './slices.ts'
import type { Sliced } from './slices.ts'
import { standaloneDocument } from './standalone-document.ts'
import { readXml } from './xml.ts'
import type { XmlDocument, XmlElement } from './xml.ts'

const soapNamespaces = new Set([
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/2003/05/soap-envelope',
])
const wrappers = new Set([
  'RegisterCertificate',
  'GetCertificateResponse',
  'RegisterMedicalCertificate',
  'RegisterTSBas',
  'RegisterTSDiabetes',
  'GetTSBasResponse',
  'GetTSDiabetesResponse',
])
const maxCertificates = 10_000
// The longest of real ones has some hundreds. One among others may not keep them all waiting.
const maxNodesOfListed = 20_000

/** What a SOAP envelope carries, or the root itself where there is no envelope. */
export function bodyOf(root: XmlElement): XmlElement {
  if (!soapNamespaces.has(root.namespace) || root.name !== 'Envelope') return root
  const body = childElements(root).find(
    ({ name, namespace }) => name === 'Body' && namespace === root.namespace,
  )
  const content = body === undefined ? undefined : childElements(body)[0]
  if (content === undefined) throw new UnreadableDocumentError('not-a-certificate')
  return content
}

/** Whether an element is a SOAP fault. */
export function isFault({ name, namespace }: XmlElement): boolean {
  return name === 'Fault' && soapNamespaces.has(namespace)
}

function certificateElements(content: XmlElement): XmlElement[] {
  if (isIntyg(content) || isOldFormat(content)) return [content]
  if (!isRivta(content) || !wrappers.has(content.name)) return []
  return childElements(content).filter((element) => isIntyg(element) || isOldFormat(element))
}

const isListResponse = (element: XmlElement | undefined) =>
  element?.name === 'ListCertificatesForCitizenResponse' && isRivta(element)

/** The answer whose list an element stands in. Foreign elements there are extensions of the contract. */
function listingOf(element: XmlElement): XmlElement | undefined {
  const { parent } = element
  if (parent?.name !== 'intygsLista' || !isRivta(parent) || !isRivta(element)) return undefined
  return isListResponse(parent.parent) ? parent.parent : undefined
}

function unreadable(element: XmlElement): ParsedEntry {
  const type = textAt(element, 'typ', 'code')
  const id = identifier(child(element, 'intygs-id'))
  return { readable: false, id, type: isId(type) ? type : null }
}

function readEntry(text: string, element: XmlElement, bytes: Uint8Array): ParsedEntry {
  const parsed = isOldFormat(element) ? parseOldFormat(element) : parseIntyg(element)
  if (parsed === null) return unreadable(element)
  return { ...parsed, document: standaloneDocument(text, element, bytes) }
}

/** The certificates within an element of a document that is already read. */
export function entriesOf(
  { text }: XmlDocument,
  content: XmlElement,
  bytes: Uint8Array,
): ParsedEntry[] {
  return certificateElements(content).map((element) => readEntry(text, element, bytes))
}

export interface CertificateDocument {
  /** What the document is about, out of its envelope; without the certificates of a list. */
  content: XmlElement
  entries: ParsedEntry[]
}

/** Reads every certificate as it ends, so that a long list is never in memory as a tree. */
export function* readCertificates(
  bytes: Uint8Array,
  charset?: string,
): Sliced<CertificateDocument> {
  const listed: { listing: XmlElement; entry: ParsedEntry }[] = []
  const take = (element: XmlElement, text: string) => {
    const listing = listingOf(element)
    if (listing === undefined) return false
    if (listed.length >= maxCertificates) throw new UnreadableDocumentError('too-many-certificates')
    const isTooLong = element.nodes > maxNodesOfListed
    const entry = isTooLong ? unreadable(element) : readEntry(text, element, bytes)
    listed.push({ listing, entry })
    return true
  }
  const document = yield* readXml(bytes, { take, charset })
  const content = bodyOf(document.root)
  const entries = isListResponse(content)
    ? listed.filter(({ listing }) => listing === content).map(({ entry }) => entry)
    : entriesOf(document, content, bytes)
  return { content, entries }
}

/**
 * Reads every certificate in a RIVTA document: one that stands alone, one in a message that
 * registers or answers with it, or the many of a list. Throws UnreadableDocumentError.
 */
export function parseCertificateDocument(bytes: Uint8Array): ParsedEntry[] {
  const { content, entries } = atOnce(readCertificates(bytes))
  if (entries.length === 0 && !isListResponse(content)) {
    throw new UnreadableDocumentError('not-a-certificate')
  }
  return entries
}
