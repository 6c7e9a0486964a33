import { createHash } from 'node:crypto'
import { createCalendar } from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { entriesByPerson } from './entries.ts'
import type { Entry, SourceId } from './entries.ts'
import { forms } from './forms.ts'
import { intygXml } from './intyg.ts'
import type { JournalCertificate } from './intyg.ts'

export type JournalContents = Record<SourceId, JournalCertificate[]>

/** The same id for the same certificate at every start, in the form of a random UUID. */
function idOf(personNumber: string, name: string): string {
  const hex = createHash('sha256').update(`${personNumber}/${name}`).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}

function toCertificate(personNumber: string, entry: Entry, index: number, calendar: Calendar) {
  const { type, version, doctor, unit, answers } = forms[entry.form]
  const id = idOf(personNumber, entry.name ?? String(index))
  const signedAt = calendar.time(
    entry.variant.signed,
    `${String(8 + (index % 9)).padStart(2, '0')}:15:30`,
  )
  const certificate: JournalCertificate = {
    id,
    personNumber,
    type: type.code.toLowerCase(),
    signedAt,
    relations:
      entry.relation === undefined
        ? []
        : [{ kind: entry.relation.kind, id: idOf(personNumber, entry.relation.to) }],
    statuses: (entry.statuses ?? []).map(({ part, status, day }) => ({
      part,
      status,
      at: calendar.time(day, '13:02:11'),
    })),
    xml: intygXml({
      id,
      type,
      version,
      signedAt,
      personNumber,
      doctor,
      unit,
      answers: answers(calendar, entry.variant),
    }),
  }
  return { source: entry.source ?? 'intygstjansten', certificate }
}

/** What the journals hold on a day: the same at every start of that day. */
export function journalContents(today: Date): JournalContents {
  const calendar = createCalendar(today)
  const contents: JournalContents = { 'region-norr': [], intygstjansten: [] }
  for (const [number, entries] of Object.entries(entriesByPerson)) {
    entries.forEach((entry, index) => {
      const { source, certificate } = toCertificate(number, entry, index, calendar)
      contents[source].push(certificate)
    })
  }
  return contents
}
