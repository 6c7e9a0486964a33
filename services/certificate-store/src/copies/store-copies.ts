import type { Kysely } from 'kysely'
import type { AccessLog } from '../access-log/access-log-repository.ts'
import type { Database } from '../database.ts'
import { recallHandOvers } from '../dispatches/dispatch-fact-repository.ts'
import type { Identifiers } from '../identifiers.ts'
import type { JournalEntry } from '../journals/journal-client.ts'
import type { JournalSource } from '../journals/journal-source.ts'
import type { Sliced, Slicer } from '../rivta/slices.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import type { CopyRepository } from './copy-repository.ts'
import { makeCopyOfAny } from './make-copy.ts'
import type { Copy, CopyFacts, NamedEntry } from './make-copy.ts'
import { nameEntries } from './name-entries.ts'
import { markFetched, markMissing, settleStanding } from './standing.ts'
import { hasAnswered, tellChanges } from './tell-changes.ts'
import type { PatientKey, PatientKeyRepository } from './patient-key-repository.ts'

export interface FetchedEntries {
  patientId: string
  key: PatientKey
  source: JournalSource
  personNumbers: readonly string[]
  entries: readonly JournalEntry[]
}

export type StoreOutcome =
  | { stored: false }
  | { stored: true; others: number; unreadable: number; faults: readonly unknown[] }
export type StoreCopies = (fetched: FetchedEntries) => Promise<StoreOutcome>

interface Deps {
  db: Kysely<Database>
  copies: CopyRepository
  keys: PatientKeyRepository
  accessLog: AccessLog
  identifiers: Identifiers
  catalogue: Catalogue
  /** Makes copies so that nobody else waits. */
  slicer: Slicer
  now: () => Date
}

interface Made {
  copies: Copy[]
  /** Of ours, each in place of a certificate. */
  faults: unknown[]
}

function* makingCopies(facts: CopyFacts, entries: readonly NamedEntry[]): Sliced<Made> {
  const made: Made = { copies: [], faults: [] }
  for (const entry of entries) {
    const { fault, ...copy } = makeCopyOfAny(facts, entry)
    made.copies.push(copy)
    if (fault !== undefined) made.faults.push(fault)
    yield
  }
  return made
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
  identifiers,
  catalogue,
  slicer,
  now,
}: Deps): StoreCopies {
  return async ({ patientId, key, source: journal, personNumbers, entries }) => {
    const at = now()
    const owner = { patientId, sourceId: journal.id }
    const named = nameEntries(entries, { personNumbers, revision: catalogue.revision })
    const stored = new Map((await copies.findKnown(owner)).map((each) => [each.journalId, each]))
    const changed = named.entries.filter(
      ({ journalId, fingerprint }) => stored.get(journalId)?.fingerprint !== fingerprint,
    )
    const { dataKey } = key
    const shared = { dataKey, identifiers, catalogue, seenAt: at }
    const facts = { ...owner, sourceName: journal.name, ...shared }
    const { copies: made, faults } = await slicer.run(makingCopies(facts, changed))

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
        const before = new Set(known.map(({ id }) => id))
        const first = [...ids.values()].filter((id) => !before.has(id))
        await recallHandOvers(tx, patientId, first)
        const news = await hasAnswered(tx, owner)
        await tellChanges(tx, owner, { copies: made, ids, known, at, news })
      }
      const present = named.entries.map(({ journalId }) => journalId)
      await markMissing(tx, owner, present, at)
      await settleStanding(tx, patientId, at)
      await markFetched(tx, owner, { at, revision: catalogue.revision })
      return true
    })
    if (!written) return { stored: false }
    const unreadable = named.entries.filter(({ entry }) => !entry.readable).length
    return { stored: true, others: named.others, unreadable, faults }
  }
}
