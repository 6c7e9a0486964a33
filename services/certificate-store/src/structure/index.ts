export { parseCertificateDocument } from '../rivta/certificate-document.ts'
export { UnreadableDocumentError } from '../rivta/errors.ts'
export type {
  ParsedCertificate,
  ParsedEntry,
  UnreadableCertificate,
} from '../rivta/parsed-certificate.ts'
export { standardCatalogue } from './catalogue.ts'
export { certificateFromDocument } from './certificate-from-document.ts'
export type { DocumentOptions } from './certificate-from-document.ts'
export { structureCertificate } from './structure-certificate.ts'
export type { StructuredCertificate, StructureOptions } from './structure-certificate.ts'
