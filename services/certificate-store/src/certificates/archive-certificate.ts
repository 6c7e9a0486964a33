import { AppError } from '@minaintyg/errors'
import type { Kysely } from 'kysely'
import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { Database } from '../database.ts'
import { errors } from '../errors.ts'
import type { CertificateRepository } from './certificate-repository.ts'
import { loggedCertificate } from './read-certificate.ts'

interface Deps {
  db: Kysely<Database>
  requireConsent: RequireConsent
  certificates: CertificateRepository
  accessLog: AccessLog
  now: () => Date
}

/** Puts a certificate into the patient's archive, or takes it out. */
export function createArchiveCertificate(deps: Deps) {
  const { db, requireConsent, certificates, accessLog, now } = deps
  return async (request: {
    patientId: string
    id: string
    archived: boolean
    actor: AccessActor
  }): Promise<void> => {
    const { patientId, id, archived, actor } = request
    await requireConsent(patientId, actor.trace)
    const certificate = await certificates.find(patientId, id)
    if (certificate === undefined) throw new AppError(errors.certificateNotFound)
    await db.transaction().execute(async (tx) => {
      const action = archived ? 'archive' : 'restore'
      await accessLog.write(
        { patientId, action, actor, certificate: loggedCertificate(certificate) },
        tx,
      )
      const there = await certificates.setArchived(tx, { patientId, id }, archived, now())
      if (!there) throw new AppError(errors.certificateNotFound)
    })
  }
}
export type ArchiveCertificate = ReturnType<typeof createArchiveCertificate>
