import { audiences } from '@minaintyg/contracts'
import type { CertificateCopy, PdfQuery, ReadPurpose } from '@minaintyg/contracts'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'

interface Request {
  id: string
  purpose: Exclude<ReadPurpose, 'read'>
  /** For the mark on the copy, which says whether it is adapted; the certificate comes whole. */
  hide: PdfQuery['hide']
  /** The patient's token for this service; exchanged for one that certificate-store takes. */
  patientToken: string
  language: string | undefined
  trace: Trace
}

export function createCertificateStoreClient(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'exchange'>
}) {
  const { client, credentials } = deps
  return {
    /** What certificate-store refuses comes through as it is: 403, 404, 410 and 503 with their codes. */
    async fetchCopy(request: Request): Promise<CertificateCopy> {
      const { id, purpose, hide, patientToken, language, trace } = request
      const token = await credentials.exchange(patientToken, audiences.certificateStore, trace)
      return client.json<CertificateCopy>({
        path: `/certificates/${encodeURIComponent(id)}/copy`,
        query: { purpose, hide },
        token,
        trace,
        ...(language === undefined ? {} : { headers: { 'accept-language': language } }),
      })
    },
  }
}
export type CertificateStoreClient = ReturnType<typeof createCertificateStoreClient>
