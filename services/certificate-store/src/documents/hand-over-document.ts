import type { Certificate } from '@minaintyg/certificate-model'
import { AppError } from '@minaintyg/errors'
import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { LogRefusals } from '../access-log/refused-access.ts'
import type { CertificateRepository } from '../certificates/certificate-repository.ts'
import { loggedCertificate, revokedError } from '../certificates/read-certificate.ts'
import { toCertificateView } from '../certificates/certificate-view.ts'
import type { RecipientDirectory } from '../certificates/recipient-directory.ts'
import type { FindRelated } from '../certificates/related-certificates.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import { errors } from '../errors.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import { employmentBytes } from './employment-copy.ts'

interface Deps {
  catalogue: Catalogue
  requireConsent: RequireConsent
  certificates: CertificateRepository
  accessLog: AccessLog
  logRefusals: LogRefusals
  findRelated: FindRelated
  sourceName: (id: string) => string
  directory: RecipientDirectory
  now: () => Date
}

export interface HandOver {
  patientId: string
  id: string
  dispatchId: string
  actor: AccessActor
}

/** Gives out what a patient has sent: the very bytes that the journal gave, or the structured certificate. */
export function createHandOver(deps: Deps) {
  const { requireConsent, certificates, accessLog, logRefusals, findRelated, sourceName, now } =
    deps
  async function admit({ patientId, id, dispatchId, actor }: HandOver) {
    const attempt = {
      patientId,
      action: 'handOver',
      actor,
      certificate: { id },
      dispatchId,
    } as const
    const found = await logRefusals(attempt, async () => {
      await requireConsent(patientId, actor.trace)
      const document = await certificates.findDocument(patientId, id)
      if (document === undefined) throw new AppError(errors.certificateNotFound)
      return document
    })
    const { revokedAt } = found.certificate
    await accessLog.write({
      patientId,
      action: 'handOver',
      refusal: revokedAt === null ? undefined : errors.certificateRevoked.code,
      actor,
      certificate: loggedCertificate(found.certificate),
      dispatchId,
    })
    if (revokedAt !== null) throw revokedError(revokedAt)
    return found
  }

  return {
    handOverBytes: async (request: HandOver): Promise<{ bytes: Buffer; sha256: string }> => {
      const { bytes, sha256 } = await admit(request)
      return { bytes, sha256 }
    },

    /** What an employer gets, in bytes that stay the same. */
    handOverForEmployment: async (request: HandOver): Promise<Buffer> => {
      await admit(request)
      const found = await certificates.find(request.patientId, request.id)
      const certificate = found?.content.certificates?.sv
      if (certificate === undefined) throw new AppError(errors.certificateNotFound)
      return employmentBytes({ ...certificate, id: request.id }, deps.catalogue)
    },

    handOverStructured: async (request: HandOver): Promise<Certificate> => {
      await admit(request)
      const certificate = await certificates.find(request.patientId, request.id)
      if (certificate === undefined) throw new AppError(errors.certificateNotFound)
      const related = await findRelated(request.patientId, request.id)
      // What else was sent to whom is no concern of a recipient.
      const view = toCertificateView(
        { ...certificate, sentAt: null },
        { related, dispatches: [] },
        {
          language: 'sv',
          now: now(),
          sourceName,
          directory: deps.directory,
        },
      )
      return { ...view, events: [] }
    },
  }
}
export type HandOverDocument = ReturnType<typeof createHandOver>
