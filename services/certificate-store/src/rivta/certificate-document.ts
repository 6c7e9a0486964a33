import { child, childElements, isRivta, textAt } from './elements.ts'
import { UnreadableDocumentError } from './errors.ts'
import { identifier, isIntyg, parseIntyg } from './intyg.ts'
import { isOldFormat, parseOldFormat } from './old-formats.ts'
import type { ParsedEntry } from './parsed-certificate.ts'
import { standaloneDocument } from './standalone-document.ts'
import { parseXml } from './xml.ts'
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
  if (!isRivta(content)) return []
  if (content.name === 'ListCertificatesForCitizenResponse') {
    const list = child(content, 'intygsLista')
    // An element of another name is an old format, which some journals list as it is.
    return list === undefined
      ? []
      : childElements(list).filter(
          (each) => isOldFormat(each) || (each.name === 'intyg' && isRivta(each)),
        )
  }
  if (!wrappers.has(content.name)) return []
  return childElements(content).filter((element) => isIntyg(element) || isOldFormat(element))
}

function toEntry(document: XmlDocument, element: XmlElement, bytes: Uint8Array): ParsedEntry {
  const parsed = isOldFormat(element) ? parseOldFormat(element) : parseIntyg(element)
  if (parsed === null) {
    return {
      readable: false,
      id: identifier(child(element, 'intygs-id')),
      type: textAt(element, 'typ', 'code'),
    }
  }
  return { ...parsed, document: standaloneDocument(document, element, bytes) }
}

/** The certificates within an element of a document that is already read. */
export function entriesOf(
  document: XmlDocument,
  content: XmlElement,
  bytes: Uint8Array,
): ParsedEntry[] {
  const elements = certificateElements(content)
  if (elements.length > maxCertificates) throw new UnreadableDocumentError('too-many-certificates')
  return elements.map((element) => toEntry(document, element, bytes))
}

/**
 * Reads every certificate in a RIVTA document: one that stands alone, one in a message that
 * registers or answers with it, or the many of a list. Throws UnreadableDocumentError.
 */
export function parseCertificateDocument(bytes: Uint8Array): ParsedEntry[] {
  const document = parseXml(bytes)
  const content = bodyOf(document.root)
  const entries = entriesOf(document, content, bytes)
  const isList = content.name === 'ListCertificatesForCitizenResponse' && isRivta(content)
  if (entries.length === 0 && !isList) throw new UnreadableDocumentError('not-a-certificate')
  return entries
}
