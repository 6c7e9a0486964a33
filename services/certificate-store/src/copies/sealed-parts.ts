import { open, seal } from '@minaintyg/crypto'
import type { Certificate, CertificateListItem } from '@minaintyg/certificate-model'

/** What a list shows of a certificate and no column may hold in clear. */
export interface CertificateLine {
  typeName: Record<'sv' | 'en', string>
  issuer: CertificateListItem['issuer']
  unit: CertificateListItem['unit']
  careProvider: CertificateListItem['careProvider']
  period: CertificateListItem['period']
  summary: Record<'sv' | 'en', CertificateListItem['summary']>
}

/** The structured certificate in both languages; null where it could not be read. */
export interface CertificateContent {
  certificates: Record<'sv' | 'en', Certificate> | null
  infectionControl: boolean
}

/** What identifies a copy for good; the parts are bound to it, so that none can be put in another's place. */
export interface CopyIdentity {
  patientId: string
  sourceId: string
  journalId: string
}

type PartName = 'line' | 'content' | 'document'

const context = ({ patientId, sourceId, journalId }: CopyIdentity, part: PartName) =>
  JSON.stringify([patientId, sourceId, journalId, part])

const sealJson = (key: Buffer, value: unknown, of: CopyIdentity, part: PartName) =>
  seal(key, Buffer.from(JSON.stringify(value)), context(of, part))
const openJson = (key: Buffer, sealed: Buffer, of: CopyIdentity, part: PartName): unknown =>
  JSON.parse(open(key, sealed, context(of, part)).toString('utf8'))

export const sealLine = (key: Buffer, line: CertificateLine, of: CopyIdentity): Buffer =>
  sealJson(key, line, of, 'line')
export const openLine = (key: Buffer, sealed: Buffer, of: CopyIdentity): CertificateLine =>
  openJson(key, sealed, of, 'line') as CertificateLine

export const sealContent = (key: Buffer, content: CertificateContent, of: CopyIdentity): Buffer =>
  sealJson(key, content, of, 'content')
export const openContent = (key: Buffer, sealed: Buffer, of: CopyIdentity): CertificateContent =>
  openJson(key, sealed, of, 'content') as CertificateContent

export const sealDocument = (key: Buffer, document: Uint8Array, of: CopyIdentity): Buffer =>
  seal(key, document, context(of, 'document'))
export const openDocument = (key: Buffer, sealed: Buffer, of: CopyIdentity): Buffer =>
  open(key, sealed, context(of, 'document'))
