import {
  CertificateAddedV1,
  CertificateReplacedV1,
  CertificateRevokedV1,
  CertificateStoredV1,
  exchanges,
} from '@minaintyg/contracts'
import { enqueue } from '@minaintyg/messaging'
import type { Tx } from '../database.ts'
import type { KnownCopy, Owner } from './copy-repository.ts'
import type { Copy } from './make-copy.ts'

interface Change {
  patientId: string
  certificateId: string
  at: Date
}

const source = '/minaintyg/certificate-store'
const options = ({ certificateId, at }: Change) =>
  ({ exchange: exchanges.events, source, subject: certificateId, time: at }) as const
const data = ({ patientId, certificateId, at }: Change) => ({
  patientId,
  certificateId,
  at: at.toISOString(),
})

/** The code of an unknown type is whatever a journal wrote. */
const tellableType = (code: string) => (/^[A-Z0-9_-]{1,40}$/.test(code) ? code : 'UNKNOWN')

export async function tellRevoked(tx: Tx, change: Change): Promise<void> {
  await enqueue(tx, CertificateRevokedV1, data(change), options(change))
}

export async function tellReplaced(tx: Tx, change: Change, replacedBy: string): Promise<void> {
  await enqueue(tx, CertificateReplacedV1, { ...data(change), replacedBy }, options(change))
}

async function tellAdded(tx: Tx, change: Change, { row }: Copy): Promise<void> {
  const { type_code, issued_at, source_id: sourceId } = row
  await enqueue(
    tx,
    CertificateAddedV1,
    {
      ...data(change),
      typeCode: tellableType(type_code),
      issuedAt: issued_at?.toISOString() ?? null,
      sourceId,
    },
    options(change),
  )
}

/** What a journal's first answer for a patient holds is no news, however much it is. */
export async function hasAnswered(tx: Tx, { patientId, sourceId }: Owner): Promise<boolean> {
  const row = await tx
    .selectFrom('journal_fetch')
    .select('fetched_at')
    .where('patient_id', '=', patientId)
    .where('source_id', '=', sourceId)
    .executeTakeFirst()
  return row !== undefined
}

/** Of these certificates, those that another journal has given as well, and whether it has revoked them. */
async function heldElsewhere(tx: Tx, { patientId, sourceId }: Owner, ids: string[]) {
  if (ids.length === 0) return new Map<string, boolean>()
  const rows = await tx
    .selectFrom('certificate')
    .select((eb) => [
      'id',
      eb.fn.agg<boolean>('bool_or', [eb('revoked_at', 'is not', null)]).as('revoked'),
    ])
    .where('patient_id', '=', patientId)
    .where('source_id', '<>', sourceId)
    .where('id', 'in', ids)
    .groupBy('id')
    .execute()
  return new Map(rows.map(({ id, revoked }) => [id, revoked]))
}

/**
 * Tells of what was written: certificates that no journal gave before, and revocations that none told of.
 * `news`: whether first ones are new as well.
 */
export async function tellChanges(
  tx: Tx,
  owner: Owner,
  changes: {
    copies: readonly Copy[]
    ids: Map<string, string>
    known: readonly KnownCopy[]
    at: Date
    news: boolean
  },
): Promise<void> {
  const { copies, ids, known, at, news } = changes
  const before = new Map(known.map((each) => [each.journalId, each]))
  const elsewhere = await heldElsewhere(tx, owner, [...ids.values()])
  for (const copy of copies) {
    const { row } = copy
    const certificateId = ids.get(row.journal_id) ?? row.id
    const change = { patientId: owner.patientId, certificateId, at }
    const [here, there] = [before.get(row.journal_id)?.revoked, elsewhere.get(certificateId)]
    if (here !== undefined || there !== undefined) {
      const wasRevoked = here === true || there === true
      if (!wasRevoked && row.revoked_at !== null) await tellRevoked(tx, change)
      continue
    }
    await enqueue(tx, CertificateStoredV1, data(change), options(change))
    const isNews = news && row.readable && row.revoked_at === null
    if (isNews) await tellAdded(tx, change, copy)
  }
}
