import { child, childElements, isRivta, textContent } from './elements.ts'
import { bodyOf, entriesOf, isFault } from './certificate-document.ts'
import { JournalError, UnreadableDocumentError } from './errors.ts'
import type { ParsedEntry } from './parsed-certificate.ts'
import { parseXml } from './xml.ts'
import type { XmlElement } from './xml.ts'

export interface ListCertificatesRequest {
  version: 3 | 4
  logicalAddress: string
  /** Twelve digits. */
  personNumber: string
  archived: boolean
}

const certificateNamespace = 'urn:riv:clinicalprocess:healthcond:certificate'
const personalNumberRoot = '1.2.752.129.2.1.3.1'
const coordinationNumberRoot = '1.2.752.129.2.1.3.3'
const kvPart = '769bb12b-bd9f-4203-a5cd-fd14f2eb3b80'

const escape = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The SOAP action and envelope that ask a journal for a patient's certificates. */
export function listCertificatesRequest(request: ListCertificatesRequest): {
  soapAction: string
  envelope: string
} {
  const responder = `${certificateNamespace}:ListCertificatesForCitizenResponder:${request.version}`
  const root =
    Number(request.personNumber.slice(6, 8)) > 60 ? coordinationNumberRoot : personalNumberRoot
  // The national platform routes on the very text of LogicalAddress: no white space around it.
  const envelope =
    `<?xml version="1.0" encoding="UTF-8"?>` +
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:r="urn:riv:itintegration:registry:1"` +
    ` xmlns:l="${responder}" xmlns:t="${certificateNamespace}:types:3">` +
    `<e:Header><r:LogicalAddress>${escape(request.logicalAddress.trim())}</r:LogicalAddress></e:Header>` +
    `<e:Body><l:ListCertificatesForCitizen>` +
    `<l:person-id><t:root>${root}</t:root><t:extension>${escape(request.personNumber)}</t:extension></l:person-id>` +
    `<l:arkiverade>${String(request.archived)}</l:arkiverade>` +
    `<l:part><t:code>INVANA</t:code><t:codeSystem>${kvPart}</t:codeSystem></l:part>` +
    `</l:ListCertificatesForCitizen></e:Body></e:Envelope>`
  return { soapAction: `${responder}:ListCertificatesForCitizen`, envelope }
}

function throwFault(fault: XmlElement): never {
  throw new JournalError('fault', /VP\d{3}(?!\d)/.exec(textContent(fault))?.[0] ?? null)
}

// Free text of a journal may name a patient; its codes may not.
const stableCode = (code: string | undefined) =>
  code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? code : null

// Journals are not agreed on the namespace of a result, and a failure must not pass for that.
const named = (element: XmlElement, name: string) =>
  childElements(element).find((one) => one.name === name)

function textOf(element: XmlElement, name: string): string | undefined {
  const found = named(element, name)
  return found === undefined ? undefined : textContent(found).trim()
}

// Version 4 has no result in its schema, yet journals send one with ERROR; in any order of elements.
function checkResult(response: XmlElement, certificates: number): void {
  const result = named(response, 'result')
  if (result === undefined) {
    if (child(response, 'intygsLista') === undefined) throw new JournalError('unreadable')
    return
  }
  const code = textOf(result, 'resultCode')?.toUpperCase()
  const succeeded = code === 'OK' || (code === 'INFO' && certificates > 0)
  // INFO with an empty list is how journals say that they gave nothing out, as with NOCONSENT.
  if (!succeeded)
    throw new JournalError('result-error', stableCode(textOf(result, 'errorId') ?? code))
}

/** Reads a journal's answer to listCertificatesRequest, of either version. Throws JournalError. */
export function readListCertificatesResponse(bytes: Uint8Array): { certificates: ParsedEntry[] } {
  try {
    const document = parseXml(bytes)
    const content = bodyOf(document.root)
    if (isFault(content)) throwFault(content)
    if (content.name !== 'ListCertificatesForCitizenResponse' || !isRivta(content)) {
      throw new JournalError('unreadable')
    }
    const certificates = entriesOf(document, content, bytes)
    checkResult(content, certificates.length)
    return { certificates }
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error
    throw new JournalError('unreadable', error.reason, { cause: error })
  }
}
