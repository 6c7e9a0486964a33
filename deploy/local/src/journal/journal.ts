import { randomUUID } from 'node:crypto'
import { parsePersonalNumber } from '@minaintyg/personal-number'
import type { JournalCertificate, StatusCode } from './certificates/intyg.ts'
import { loadDocument } from './loaded-document.ts'
import type { ContractVersion, ListRequest } from './soap.ts'

/** What a journal can be told to do instead of answering well. */
export const modes = [
  'ok',
  'slow',
  'down',
  'faulty',
  'error-result',
  'info',
  'truncated',
  'too-large',
  'not-xml',
] as const
export type Mode = (typeof modes)[number]

export interface Behaviour {
  mode: Mode
  /** Milliseconds, in every mode. */
  delay: number
}

export class UnknownPersonError extends Error {}

const swedishTime = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  dateStyle: 'short',
  timeStyle: 'medium',
})
/** As the wire has times: Swedish, without a zone. */
export const wireTime = (at: Date): string => swedishTime.format(at).replace(' ', 'T')
const day = (time: string) => time.slice(0, 10)
const hidden = new Set(['db', 'doi'])

/** Latest first wins: RESTOR undoes DELETE. */
function isArchived({ statuses }: JournalCertificate): boolean {
  const last = statuses.filter(({ status }) => status === 'DELETE' || status === 'RESTOR').at(-1)
  return last?.status === 'DELETE'
}

const seenBy = (part: string, certificate: JournalCertificate): JournalCertificate => ({
  ...certificate,
  statuses: certificate.statuses.filter(({ status, part: of }) => {
    if (part === 'INVANA') return true
    if (status === 'DELETE' || status === 'RESTOR') return false
    return part === 'HSVARD' || status !== 'SENTTO' || of === part
  }),
})

/** One journal: its certificates, and what it makes of a request. */
export function createJournal(options: {
  id: string
  name: string
  version: ContractVersion
  logicalAddress: string
  /** Who it is where it pushes. */
  hsaId: string
  certificates: JournalCertificate[]
  /** How it answers about some people, where it is not told otherwise about all. */
  troubles?: ReadonlyMap<string, Behaviour>
}) {
  const certificates = [...options.certificates]
  const behaviour: Behaviour = { mode: 'ok', delay: 0 }
  const asked: Omit<ListRequest, 'personNumber'>[] = []

  const addStatus = (id: string, status: StatusCode, part: string, at: Date): boolean => {
    const index = certificates.findIndex((each) => each.id === id)
    const certificate = certificates[index]
    if (certificate === undefined) return false
    const entry = { part, status, at: wireTime(at) }
    certificates[index] = { ...certificate, statuses: [...certificate.statuses, entry] }
    return true
  }

  return {
    ...options,
    certificates,
    behaviour,
    /** Requests so far, without whom they were about. */
    asked,

    behaviourAbout: (personNumber: string): Behaviour =>
      behaviour.mode === 'ok' ? (options.troubles?.get(personNumber) ?? behaviour) : behaviour,

    /** As Intygstjänsten does it. @throws {UnknownPersonError} */
    list(request: ListRequest): JournalCertificate[] {
      const { personNumber, archived, types, from, to, part } = request
      asked.push({ ...request, ...{ personNumber: undefined } })
      if (parsePersonalNumber(personNumber) === undefined) throw new UnknownPersonError()
      return certificates
        .filter((each) => each.personNumber === personNumber && !hidden.has(each.type))
        .filter((each) => isArchived(each) === archived)
        .filter((each) => types.length === 0 || types.includes(each.type))
        .filter(({ signedAt }) => from === undefined || day(signedAt) >= from)
        .filter(({ signedAt }) => to === undefined || day(signedAt) <= to)
        .sort((a, b) => a.signedAt.localeCompare(b.signedAt))
        .map((each) => seenBy(part, each))
    },

    /** Takes the certificates of a document in. @returns their ids */
    load(document: string, personNumber: string): string[] {
      const loaded = loadDocument(document, {
        personNumber,
        newId: (id) =>
          id === '' || certificates.some((each) => each.id === id) ? randomUUID() : id,
      })
      // Two in one document may share an id as well.
      for (const each of loaded) certificates.push(each)
      return loaded.map(({ id }) => id)
    },

    revoke: (id: string, at: Date) => addStatus(id, 'CANCEL', 'HSVARD', at),
    archive: (id: string, at: Date) => addStatus(id, 'DELETE', 'INVANA', at),

    remove(id: string): boolean {
      const index = certificates.findIndex((each) => each.id === id)
      if (index >= 0) certificates.splice(index, 1)
      return index >= 0
    },
  }
}
export type Journal = ReturnType<typeof createJournal>
