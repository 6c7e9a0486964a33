import type { Trace } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { AccessLog } from '../access-log/access-log-repository.ts'
import type { FindPatient } from '../clients/identity-client.ts'
import type { PatientKey, PatientKeyRepository } from '../copies/patient-key-repository.ts'
import { openLine } from '../copies/sealed-parts.ts'
import { settleStanding } from '../copies/standing.ts'
import { tellRevoked } from '../copies/tell-changes.ts'
import type { Database, Tx } from '../database.ts'
import type { JournalSource } from '../journals/journal-source.ts'
import { pushedRepository } from './pushed-repository.ts'
import { results } from './result.ts'
import type { Result } from './result.ts'

interface Deps {
  db: Kysely<Database>
  keys: PatientKeyRepository
  accessLog: AccessLog
  findPatient: FindPatient
  now: () => Date
}

export interface Revocation {
  /** Of the certificate, in its journal. */
  journalId: string
  personNumber: string
  /** When the journal says that it was; null where that is no time. */
  sentAt: Date | null
  source: JournalSource
  trace: Trace
}

/** Revokes a certificate that the same journal gave, fetched or pushed. It stays as a tombstone. */
export function createRevokeCertificate(deps: Deps) {
  const { db, keys, accessLog, findPatient, now } = deps

  async function revoke(
    tx: Tx,
    { patientId, key }: { patientId: string; key: PatientKey },
    revocation: Revocation,
  ): Promise<Result> {
    const { journalId, sentAt, source } = revocation
    const owner = { patientId, sourceId: source.id }
    const held = await pushedRepository.find(tx, owner, journalId)
    if (held === undefined) return results.unknownCertificate
    if (held.isRevoked) return results.alreadyRevoked
    const seen = now()
    const at = sentAt === null || sentAt > seen ? seen : sentAt
    const { id, typeCode, unitId, sealedLine } = held
    const { careProvider } = openLine(key.dataKey, sealedLine, { ...owner, journalId })
    const logged = { id, typeCode, unitId, careProviderId: careProvider.id, sourceId: source.id }
    await accessLog.write({ patientId, action: 'revoke', actor: 'system', certificate: logged }, tx)
    await pushedRepository.revoke(tx, owner, journalId, at)
    await settleStanding(tx, patientId, seen)
    await tellRevoked(tx, { patientId, certificateId: id, at: seen })
    return results.revoked
  }

  return async (revocation: Revocation): Promise<Result> => {
    const patientId = await findPatient(revocation.personNumber, revocation.trace)
    const key = patientId === undefined ? undefined : await keys.find(patientId)
    if (patientId === undefined || key === undefined) return results.unknownCertificate
    return db.transaction().execute(async (tx) => {
      // Against a refresh, which would otherwise tell of the same revocation as well.
      if (!(await keys.hold(tx, patientId, key.keyId))) return results.unknownCertificate
      return revoke(tx, { patientId, key }, revocation)
    })
  }
}
export type RevokeCertificate = ReturnType<typeof createRevokeCertificate>
