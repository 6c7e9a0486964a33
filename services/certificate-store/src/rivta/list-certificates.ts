import { child, childElements, isRivta, textContent } from './elements.ts'
import { isFault, readCertificates } from './certificate-document.ts'
import { JournalError, UnreadableDocumentError } from './errors.ts'
import type { ParsedEntry } from './parsed-certificate.ts'
import type { Sliced } from './slices.ts'
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

const faultCodes = new Set([
  ...['Client', 'Server', 'VersionMismatch', 'MustUnderstand'],
  ...['Sender', 'Receiver', 'DataEncodingUnknown'],
])

/** VPnnn is the national platform's; SOAP's own codes are the journal's, or of whatever is between. */
function throwFault(fault: XmlElement): never {
  const platform = /VP\d{3}(?!\d)/.exec(textContent(fault))?.[0]
  const written = textOf(fault, 'faultcode') ?? textOf(fault, 'Code') ?? ''
  const own = written.slice(written.lastIndexOf(':') + 1)
  throw new JournalError('fault', platform ?? (faultCodes.has(own) ? own : null))
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
  if (succeeded) return
  // INFO with an empty list is how journals say that they gave nothing out; NOCONSENT stands in its text.
  const reason = textOf(result, code === 'INFO' ? 'resultText' : 'errorId')
  throw new JournalError('result-error', stableCode(reason) ?? stableCode(code))
}

/** Reads a journal's answer to listCertificatesRequest, of either version. Throws JournalError. */
export function* readListCertificatesResponse(
  bytes: Uint8Array,
  charset?: string,
): Sliced<{ certificates: ParsedEntry[] }> {
  try {
    const { content, entries } = yield* readCertificates(bytes, charset)
    if (isFault(content)) throwFault(content)
    if (content.name !== 'ListCertificatesForCitizenResponse' || !isRivta(content)) {
      throw new JournalError('unreadable')
    }
    checkResult(content, entries.length)
    return { certificates: entries }
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error
    throw new JournalError('unreadable', error.reason, { cause: error })
  }
}
