import { audiences, scopes } from '@minaintyg/contracts'
import type { SendFacts, SendPurpose } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Credentials, Language, ServiceClient, Trace } from '@minaintyg/service'
import { errors } from '../errors.ts'

export interface DocumentRequest {
  patientId: string
  certificateId: string
  recipientId: string
  dispatchId: string
  mediaType: 'application/xml' | 'application/json'
  /** In place of the certificate, what an employer gets of it. */
  projection: 'employment' | undefined
  trace: Trace
}

export function createCertificateStoreClient(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'exchange' | 'serviceToken'>
}) {
  const { client, credentials } = deps
  return {
    /** Refusals come through as they are: 403, 404, 410 and 503 with their codes. */
    async sendFacts(request: {
      certificateId: string
      /** What the patient’s access log says of it. */
      purpose: SendPurpose
      patientToken: string
      language: Language
      trace: Trace
    }): Promise<SendFacts> {
      const { certificateId, purpose, patientToken, language, trace } = request
      return client.json<SendFacts>({
        path: `/certificates/${certificateId}/send-facts`,
        query: { purpose },
        token: await credentials.exchange(patientToken, audiences.certificateStore, trace),
        headers: { 'accept-language': language },
        trace,
      })
    },

    async document(request: DocumentRequest): Promise<Buffer> {
      const { patientId, certificateId, recipientId, dispatchId, mediaType, projection, trace } =
        request
      try {
        const { body } = await client.request({
          path: `/patients/${patientId}/certificates/${certificateId}/document`,
          query: {
            recipient: recipientId,
            dispatch: dispatchId,
            projection,
          },
          token: await credentials.serviceToken(audiences.certificateStore, scopes.documents),
          headers: { accept: mediaType },
          trace,
        })
        return body
      } catch (error) {
        const missing = error instanceof AppError && error.definition.status === 404
        throw missing ? new AppError(errors.documentGone, { cause: error }) : error
      }
    },
  }
}
export type CertificateStoreClient = ReturnType<typeof createCertificateStoreClient>
