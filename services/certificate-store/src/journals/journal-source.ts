import type { ClientCertificateFiles } from './client-certificate.ts'

/** A patient journal, as configuration has it. */
export interface JournalSource {
  id: string
  name: string
  endpoint: string
  logicalAddress: string
  contractVersion: 3 | 4
  /** Milliseconds for all that it is asked at once. */
  deadline: number
  connections: number
  clientCertificate?: ClientCertificateFiles
}
