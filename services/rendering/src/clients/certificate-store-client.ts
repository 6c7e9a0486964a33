import type { Certificate } from '@minaintyg/certificate-model'
import { audiences } from '@minaintyg/contracts'
import type { ReadPurpose } from '@minaintyg/contracts'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'

interface Request {
  id: string
  purpose: ReadPurpose
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
    async fetchCertificate(request: Request): Promise<Certificate> {
      const { id, purpose, patientToken, language, trace } = request
      const token = await credentials.exchange(patientToken, audiences.certificateStore, trace)
      return client.json<Certificate>({
        path: `/certificates/${encodeURIComponent(id)}`,
        query: { purpose },
        token,
        trace,
        ...(language === undefined ? {} : { headers: { 'accept-language': language } }),
      })
    },
  }
}
export type CertificateStoreClient = ReturnType<typeof createCertificateStoreClient>
