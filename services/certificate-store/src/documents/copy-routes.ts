import { CopyQuery, scopes } from '@minaintyg/contracts'
import type { CertificateCopy } from '@minaintyg/contracts'
import { preferredLanguage, problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import { patientActor } from '../access-log/access-actor.ts'
import type { CertificateRepository } from '../certificates/certificate-repository.ts'
import type { ReadCertificate } from '../certificates/read-certificate.ts'
import type { MarkCopy } from '../verifications/mark-copy.ts'

interface Deps extends Pick<ReadCertificate, 'readCertificate'> {
  certificates: Pick<CertificateRepository, 'findDocument'>
  markCopy: MarkCopy
}

/** What a saved or printed copy is made of: the structured certificate, and the document that it was read from. */
export function copyRoutes({ readCertificate, certificates, markCopy }: Deps) {
  return async (app: Server): Promise<void> => {
    app.get('/certificates/:id/copy', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'readCertificateCopy',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        querystring: CopyQuery,
        response: { '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply): Promise<CertificateCopy> => {
        const patientId = request.caller.subject
        const { id } = request.params
        const { purpose, hide } = request.query
        const certificate = await readCertificate({
          patientId,
          id,
          language: preferredLanguage(request.headers['accept-language']),
          actor: patientActor(request),
          purpose,
        })
        const [found, verification] = await Promise.all([
          certificates.findDocument(patientId, id),
          markCopy({ patientId, certificate, hide }),
        ])
        void reply.header('cache-control', 'no-store').header('vary', 'accept-language')
        const bytes = found?.bytes.toString('base64')
        const original =
          bytes === undefined ? null : { mediaType: 'application/xml' as const, bytes }
        return { certificate, original, verification }
      },
    })
  }
}
