import { typeRule } from '@minaintyg/certificate-model'
import { sha256Hex } from '@minaintyg/crypto'
import type { JournalEntry } from '../journals/journal-client.ts'
import { isAbout } from './copy-model.ts'
import type { NamedEntry } from './make-copy.ts'

export interface NamedEntries {
  entries: NamedEntry[]
  /** About another patient: a fault of the journal that someone must hear of. */
  others: number
}

function isShown({ entry }: JournalEntry): boolean {
  const type = entry.readable ? entry.type.code : (entry.type ?? '')
  return typeRule(type).shown
}

const contentOf = ({ entry }: JournalEntry): Uint8Array =>
  entry.readable ? entry.document : Buffer.from(`unreadable ${entry.type ?? ''}`)

/**
 * What of a journal's answer may be stored, each under the id of the journal. Types that are never shown and whatever
 * is about someone else are left out here, before anything is written.
 */
export function nameEntries(
  all: readonly JournalEntry[],
  { personNumbers, revision }: { personNumbers: readonly string[]; revision: string },
): NamedEntries {
  const shown = all.filter(isShown)
  const own = shown.filter(({ entry }) => !entry.readable || isAbout(entry, personNumbers))
  const seen = new Map<string, string[]>()
  const entries = own.flatMap((each): NamedEntry[] => {
    const id = each.entry.id?.extension ?? 'without-id'
    const fingerprint = sha256Hex(`${revision} ${sha256Hex(contentOf(each))}`)
    const same = seen.get(id) ?? []
    if (each.entry.readable && same.includes(fingerprint)) return []
    seen.set(id, [...same, fingerprint])
    // A journal that uses an id twice for different things must not hide the one behind the other.
    const journalId = same.length === 0 ? id : `${id}#${same.length + 1}`
    const alone = each.entry.id === null || same.length > 0
    return [{ ...each, journalId, fingerprint, alone }]
  })
  return { entries, others: shown.length - own.length }
}
