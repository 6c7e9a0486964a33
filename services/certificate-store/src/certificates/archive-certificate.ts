import { AppError } from '@minaintyg/errors'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { LogRefusals } from '../access-log/refused-access.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'
import type { CertificateRepository } from './certificate-repository.ts'
import { loggedCertificate } from './read-certificate.ts'

interface Deps {
  db: Kysely<Database>
  requireConsent: RequireConsent
  certificates: CertificateRepository
  accessLog: AccessLog
  logRefusals: LogRefusals
  now: () => Date
}

/** The patient's own mark. Putting it where it is changes nothing. @returns whether there is such a certificate */
async function setArchived(
  tx: Tx,
  certificate: { patientId: string; id: string },
  { archived, at }: { archived: boolean; at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('certificate')
    .set(
      archived
        ? { archived_at: sql<Date>`coalesce(archived_at, ${at})`, restored_at: null }
        : {
            restored_at: sql<Date | null>`case when archived_at is null then restored_at else ${at}::timestamptz end`,
            archived_at: null,
          },
    )
    .where('patient_id', '=', certificate.patientId)
    .where('id', '=', certificate.id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Puts a certificate into the patient's archive, or takes it out. */
export function createArchiveCertificate(deps: Deps) {
  const { db, requireConsent, certificates, accessLog, logRefusals, now } = deps
  return async (request: {
    patientId: string
    id: string
    archived: boolean
    actor: AccessActor
  }): Promise<void> => {
    const { patientId, id, archived, actor } = request
    const action = archived ? 'archive' : 'restore'
    const attempt = { patientId, action, actor, certificate: { id } } as const
    const certificate = await logRefusals(attempt, async () => {
      await requireConsent(patientId, actor.trace)
      const found = await certificates.find(patientId, id)
      if (found === undefined) throw new AppError(errors.certificateNotFound)
      return found
    })
    await db.transaction().execute(async (tx) => {
      await accessLog.write(
        { patientId, action, actor, certificate: loggedCertificate(certificate) },
        tx,
      )
      const there = await setArchived(tx, { patientId, id }, { archived, at: now() })
      if (!there) throw new AppError(errors.certificateNotFound)
    })
  }
}
export type ArchiveCertificate = ReturnType<typeof createArchiveCertificate>
