import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { CertificateRevokedV1, CertificateStoredV1, exchanges } from '@minaintyg/contracts'
import { enqueue } from '@minaintyg/messaging'
import type { Kysely } from 'kysely'
import type { AccessLog } from '../access-log/access-log-repository.ts'
import type { Database, Tx } from '../database.ts'
import type { JournalEntry } from '../journals/journal-client.ts'
import type { JournalSource } from '../journals/journal-source.ts'
import type { CopyRepository, KnownCopy } from './copy-repository.ts'
import { makeCopy } from './make-copy.ts'
import type { Copy, CopyFacts } from './make-copy.ts'
import { nameEntries } from './name-entries.ts'
import { markFetched, markMissing, markSuperseded } from './standing.ts'
import type { PatientKey, PatientKeyRepository } from './patient-key-repository.ts'

export interface FetchedEntries {
  patientId: string
  key: PatientKey
  source: JournalSource
  personNumber: string
  entries: readonly JournalEntry[]
}

export type StoreOutcome = { stored: false } | { stored: true; others: number; unreadable: number }
export type StoreCopies = (fetched: FetchedEntries) => Promise<StoreOutcome>

interface Deps {
  db: Kysely<Database>
  copies: CopyRepository
  keys: PatientKeyRepository
  accessLog: AccessLog
  revision: string
  now: () => Date
}

const copiesBetweenBreaths = 5
const source = '/minaintyg/certificate-store'

async function makeCopies(
  facts: CopyFacts,
  entries: Parameters<typeof makeCopy>[1][],
): Promise<Copy[]> {
  const copies: Copy[] = []
  for (const entry of entries) {
    copies.push(makeCopy(facts, entry))
    if (copies.length % copiesBetweenBreaths === 0) await yieldToOthers()
  }
  return copies
}

async function tell(
  tx: Tx,
  patientId: string,
  changes: { copies: Copy[]; ids: Map<string, string>; known: KnownCopy[]; at: Date },
): Promise<void> {
  const { copies, ids, known, at } = changes
  const before = new Map(known.map((each) => [each.journalId, each]))
  for (const { row } of copies) {
    const certificateId = ids.get(row.journal_id) ?? row.id
    const data = { patientId, certificateId, at: at.toISOString() }
    const options = { exchange: exchanges.events, source, subject: certificateId, time: at }
    const earlier = before.get(row.journal_id)
    if (earlier === undefined) await enqueue(tx, CertificateStoredV1, data, options)
    else if (!earlier.revoked && row.revoked_at !== null) {
      await enqueue(tx, CertificateRevokedV1, data, options)
    }
  }
}

/**
 * Stores what a journal answered, unless the patient's key is gone by then: whoever withdraws while the journals are
 * still being asked leaves nothing behind.
 */
export function createStoreCopies({
  db,
  copies,
  keys,
  accessLog,
  revision,
  now,
}: Deps): StoreCopies {
  return async ({ patientId, key, source: journal, personNumber, entries }) => {
    const at = now()
    const owner = { patientId, sourceId: journal.id }
    const named = nameEntries(entries, { personNumber, revision })
    const stored = new Map((await copies.findKnown(owner)).map((each) => [each.journalId, each]))
    const changed = named.entries.filter(
      ({ journalId, fingerprint }) => stored.get(journalId)?.fingerprint !== fingerprint,
    )
    const facts = { ...owner, sourceName: journal.name, dataKey: key.dataKey, seenAt: at }
    const made = await makeCopies(facts, changed)

    const written = await db.transaction().execute(async (tx) => {
      if (!(await keys.hold(tx, patientId, key.keyId))) return false
      // Anew under the lock: another replica may have stored the same meanwhile.
      const known = await copies.findKnown(owner, tx)
      if (made.length > 0) {
        await accessLog.write(
          { patientId, action: 'fetch', actor: 'system', sourceId: journal.id },
          tx,
        )
        const ids = await copies.write(tx, made)
        await tell(tx, patientId, { copies: made, ids, known, at })
      }
      const present = named.entries.map(({ journalId }) => journalId)
      await markMissing(tx, owner, present, at)
      await markSuperseded(tx, patientId)
      await markFetched(tx, owner, at)
      return true
    })
    if (!written) return { stored: false }
    const unreadable = named.entries.filter(({ entry }) => !entry.readable).length
    return { stored: true, others: named.others, unreadable }
  }
}
