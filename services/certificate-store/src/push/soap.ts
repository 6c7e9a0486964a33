import { childElements, textContent } from '../rivta/elements.ts'
import type { XmlDocument, XmlElement } from '../rivta/xml.ts'
import { coreNamespace, registerNamespace, revokeNamespace } from './contract-types.ts'
import type { Result } from './result.ts'

export interface Operation {
  name: 'RegisterCertificate' | 'RevokeCertificate'
  namespace: string
  /** As the national platform builds its addresses. */
  path: string
}

const base = '/clinicalprocess/healthcond/certificate'
export const operations = {
  register: {
    name: 'RegisterCertificate',
    namespace: registerNamespace,
    path: `${base}/RegisterCertificate/3/rivtabp21`,
  },
  revoke: {
    name: 'RevokeCertificate',
    namespace: revokeNamespace,
    path: `${base}/RevokeCertificate/2/rivtabp21`,
  },
} as const satisfies Record<string, Operation>

export type FaultCode = 'Client' | 'Server' | 'VersionMismatch' | 'MustUnderstand'

/** What came is no valid call. The message goes to the caller and holds nothing of the call. */
export class SoapFault extends Error {
  readonly code: FaultCode
  readonly status: number
  readonly headers: Record<string, string>
  /** For the log, where it says more than the caller is told. */
  readonly reason: string

  constructor(
    code: FaultCode,
    message: string,
    options: { status?: number; headers?: Record<string, string>; reason?: string } = {},
  ) {
    const { status = 500, headers = {}, reason = message } = options
    super(message)
    this.reason = reason
    this.name = 'SoapFault'
    this.code = code
    this.status = status
    this.headers = headers
  }
}

const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/'
const addressNamespace = 'urn:riv:itintegration:registry:1'

const isOf = (namespace: string, name: string) => (element: XmlElement) =>
  element.namespace === namespace && element.name === name

const mustBeUnderstood = ({ attributes }: XmlElement) =>
  attributes.some(
    ({ namespace, name, value }) =>
      namespace === soapNamespace && name === 'mustUnderstand' && value.trim() === '1',
  )

function checkAddress(header: XmlElement | undefined, logicalAddresses: readonly string[]): void {
  const blocks = header === undefined ? [] : childElements(header)
  const isAddress = isOf(addressNamespace, 'LogicalAddress')
  if (blocks.some((block) => mustBeUnderstood(block) && !isAddress(block))) {
    throw new SoapFault('MustUnderstand', 'A header block that must be understood is not')
  }
  const addresses = blocks.filter(isAddress)
  const [address] = addresses
  if (address === undefined || addresses.length > 1) {
    throw new SoapFault('Client', 'There must be one LogicalAddress in the header')
  }
  if (!logicalAddresses.includes(textContent(address).trim())) {
    throw new SoapFault('Client', 'The LogicalAddress is not one of this service')
  }
}

/** The message within the envelope of a call. @throws {SoapFault} */
export function messageOf(
  { root }: XmlDocument,
  { name, namespace }: Operation,
  logicalAddresses: readonly string[],
): XmlElement {
  if (root.name !== 'Envelope') throw new SoapFault('Client', 'There is no SOAP envelope')
  if (root.namespace !== soapNamespace) {
    throw new SoapFault('VersionMismatch', 'The envelope is not one of SOAP 1.1')
  }
  const parts = childElements(root)
  checkAddress(parts.find(isOf(soapNamespace, 'Header')), logicalAddresses)
  const bodies = parts.filter(isOf(soapNamespace, 'Body'))
  const messages = bodies.flatMap(childElements)
  const [message] = messages
  const isOne = bodies.length === 1 && messages.length === 1
  if (!isOne || message?.name !== name || message.namespace !== namespace) {
    throw new SoapFault('Client', `The body must hold one ${name} of ${namespace}`)
  }
  return message
}

/** @throws {SoapFault} where the header names another operation than the address does */
export function checkSoapAction(header: string | undefined, { name, namespace }: Operation): void {
  const action = (header ?? '').trim().replace(/^"(.*)"$/, '$1')
  if (action !== '' && action !== `${namespace}:${name}`) {
    throw new SoapFault('Client', 'The SOAPAction is not the one of this address')
  }
}

const escape = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const envelope = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n` +
  `<soap:Envelope xmlns:soap="${soapNamespace}"><soap:Body>${body}</soap:Body></soap:Envelope>`

const field = (name: string, value: string | undefined) =>
  value === undefined ? '' : `<c:${name}>${escape(value)}</c:${name}>`

/** The answer to a call, its elements in the order of the schema. */
export function resultEnvelope({ name, namespace }: Operation, result: Result): string {
  const { code, text, errorId } = result
  return envelope(
    `<r:${name}Response xmlns:r="${namespace}" xmlns:c="${coreNamespace}"><r:result>` +
      field('resultCode', code) +
      field('resultText', text) +
      field('errorId', errorId) +
      `</r:result></r:${name}Response>`,
  )
}

export const faultEnvelope = ({ code, message }: Pick<SoapFault, 'code' | 'message'>): string =>
  envelope(
    `<soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${escape(message)}</faultstring></soap:Fault>`,
  )
