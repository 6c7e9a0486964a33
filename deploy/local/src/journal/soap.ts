import { SaxesParser } from 'saxes'
import { journalFacts, marker } from './certificates/intyg.ts'
import type { JournalCertificate } from './certificates/intyg.ts'
import { escapeXml } from './certificates/wire.ts'

export const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/'
const certificate = 'urn:riv:clinicalprocess:healthcond:certificate'
export type ContractVersion = 3 | 4

const responder = (version: ContractVersion) =>
  `${certificate}:ListCertificatesForCitizenResponder:${version}`
export const soapAction = (version: ContractVersion) =>
  `${responder(version)}:ListCertificatesForCitizen`

/** What a caller asks ListCertificatesForCitizen for. */
export interface ListRequest {
  logicalAddress: string
  personNumber: string
  archived: boolean
  types: string[]
  from: string | undefined
  to: string | undefined
  part: string
}

/** Text of each element by the path of local names below Envelope, in the order written. */
export function textByPath(xml: string): Map<string, string[]> {
  const parser = new SaxesParser({ xmlns: true })
  const texts = new Map<string, string[]>()
  const path: string[] = []
  const at = () => path.slice(1).join('/')
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('doctype')
  })
  parser.on('opentag', ({ local, uri }) => {
    path.push(path.length === 2 && path[1] === 'Body' ? `{${uri}}${local}` : local)
    texts.set(at(), [...(texts.get(at()) ?? []), ''])
  })
  parser.on('text', (chunk) => {
    const list = texts.get(at())
    const last = list?.pop()
    if (last !== undefined) list?.push(last + chunk)
  })
  parser.on('closetag', () => void path.pop())
  parser.write(xml).close()
  return texts
}

/** Reads a request of one version of the contract; undefined where it is none. */
export function readListRequest(xml: string, version: ContractVersion): ListRequest | undefined {
  let texts: Map<string, string[]>
  try {
    texts = textByPath(xml)
  } catch {
    return undefined
  }
  const body = `Body/{${responder(version)}}ListCertificatesForCitizen`
  if (!texts.has(body)) return undefined
  const value = (path: string) => texts.get(`${body}/${path}`)?.[0]?.trim()
  return {
    // White space before the address makes it another address, as at the national platform.
    logicalAddress: texts.get('Header/LogicalAddress')?.[0] ?? '',
    personNumber: value('person-id/extension') ?? '',
    archived: ['true', '1'].includes(value('arkiverade') ?? ''),
    types: (texts.get(`${body}/intygTyp/code`) ?? []).map((type) => type.trim().toLowerCase()),
    from: value('fromDatum'),
    to: value('tomDatum'),
    part: value('part/code') ?? '',
  }
}

export const envelope = (body: string, header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${soapNamespace}">` +
  (header === '' ? '' : `<soap:Header>${header}</soap:Header>`) +
  `<soap:Body>${body}</soap:Body></soap:Envelope>`

/** A certificate as an `intyg` of a message; what an old format is called it stays. */
export function asCertificateOf(each: JournalCertificate, namespace: string): string {
  const xml = each.xml.replace(marker, journalFacts(each))
  const [, name = ''] = /^<([^\s/>]+)/.exec(xml) ?? []
  if (!each.xml.includes(marker)) return xml
  const afterName = xml.slice(1 + name.length, xml.lastIndexOf('</'))
  return `<l:intyg xmlns:l="${namespace}"${afterName}</l:intyg>`
}

export type ResultCode = 'OK' | 'INFO' | 'ERROR'

/** The answer; a result stands in version 3 alone, as the contract has it. */
export function listResponse(version: ContractVersion, certificates: JournalCertificate[]): string {
  const namespace = responder(version)
  const result =
    version === 3
      ? `<l:result><c:resultCode xmlns:c="${certificate}:3">OK</c:resultCode></l:result>`
      : ''
  return envelope(
    `<l:ListCertificatesForCitizenResponse xmlns:l="${namespace}"><l:intygsLista>` +
      certificates.map((each) => asCertificateOf(each, namespace)).join('\n') +
      `</l:intygsLista>${result}</l:ListCertificatesForCitizenResponse>`,
  )
}

/**
 * A failure the way journals in operation tell it: HTTP 200, elements in an order that the schema forbids, and in
 * version 4 although that has no result at all.
 */
export function errorResult(
  version: ContractVersion,
  errorId: string,
  message: string,
  resultCode: ResultCode = 'ERROR',
): string {
  const c = `xmlns:c="${certificate}:3"`
  return envelope(
    `<l:ListCertificatesForCitizenResponse xmlns:l="${responder(version)}"><l:intygsLista/>` +
      `<l:result ${c}><c:resultCode>${resultCode}</c:resultCode><c:errorId>${errorId}</c:errorId>` +
      `<c:resultText>${escapeXml(message)}</c:resultText></l:result></l:ListCertificatesForCitizenResponse>`,
  )
}

export const fault = (code: string, message: string): string =>
  envelope(
    `<soap:Fault><faultcode>${code}</faultcode><faultstring>${escapeXml(message)}</faultstring></soap:Fault>`,
  )
