import { marker } from '../../../deploy/local/src/journal/certificates/intyg.ts'
import type {
  JournalCertificate,
  RelationCode,
} from '../../../deploy/local/src/journal/certificates/intyg.ts'
import { certificateNamespace, intyg } from './documents.ts'
import { numbers } from './system.ts'
import type { System } from './system.ts'

export interface Entry {
  id: string
  number?: string
  type?: string
  /** Swedish local time. */
  signed?: string
  relations?: { kind: RelationCode; id: string }[]
  sentTo?: string
  archived?: boolean
  /** Written in another way: the same certificate in other bytes. */
  spaced?: boolean
  withoutId?: boolean
}

const namespaces = `xmlns:c="${certificateNamespace}:3"`

/** A certificate as a journal holds it. */
function toCertificate(entry: Entry): JournalCertificate {
  const { id, number = numbers.none, type = 'LISJP', signed = '2026-03-01T10:15:00' } = entry
  const parts = { id, type, signed, more: marker }
  const own = intyg(parts).replace('191212121212', number)
  const spaced = entry.spaced === true ? own.replaceAll('\n', '\n  ') : own
  const xml = entry.withoutId === true ? spaced.replace(/<intygs-id>.*?<\/intygs-id>/, '') : spaced
  const status = (part: string, code: 'SENTTO' | 'DELETE') => ({
    part,
    status: code,
    at: '2026-03-02T10:00:00',
  })
  return {
    id,
    personNumber: number,
    type: type.toLowerCase(),
    signedAt: signed,
    relations: entry.relations ?? [],
    statuses: [
      ...(entry.sentTo === undefined ? [] : [status(entry.sentTo, 'SENTTO')]),
      ...(entry.archived === true ? [status('INVANA', 'DELETE')] : []),
    ],
    xml: xml.replace('<intyg ', `<intyg ${namespaces} `),
  }
}

/** Puts certificates into journals, and takes them out again when a test is over. */
export function createEntries(system: () => System) {
  const placed: { source: number; id: string }[] = []
  const journalOf = (source: number) => system().journals.journals[source]!
  return {
    put(source: number, entry: Entry): void {
      journalOf(source).certificates.push(toCertificate(entry))
      placed.push({ source, id: entry.id })
    },
    remove: (source: number, id: string) => journalOf(source).remove(id),
    revoke: (source: number, id: string) => journalOf(source).revoke(id, new Date()),
    clear(): void {
      for (const { source, id } of placed.splice(0)) journalOf(source).remove(id)
    },
  }
}
