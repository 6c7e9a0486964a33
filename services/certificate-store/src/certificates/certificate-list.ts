import { canonicalTypeCode } from '@minaintyg/certificate-model'
import type { CertificateStatus } from '@minaintyg/certificate-model'
import type { CertificateList } from '@minaintyg/contracts'
import type { Language } from '@minaintyg/service'
import type { ListedCertificate } from './certificate-list-query.ts'
import { statusesOf } from './certificate-status.ts'
import type { Position, Sort } from './list-cursor.ts'
import { statusNames } from './texts.ts'

/** OR within each, AND between them; empty means any. */
export interface Filters {
  type: readonly string[]
  unit: readonly string[]
  year: readonly string[]
  status: readonly string[]
  archived: boolean
}

/** A certificate with what it is filtered by. */
export interface Candidate {
  certificate: ListedCertificate
  statuses: CertificateStatus[]
  year: string | null
}

type Dimension = 'type' | 'unit' | 'year' | 'status'
const dimensions: readonly Dimension[] = ['type', 'unit', 'year', 'status']

const hour = 3_600_000

/** At New Year Sweden is an hour ahead of UTC, and the year has changed nowhere else. */
const yearInSweden = (at: Date): string => String(new Date(at.getTime() + hour).getUTCFullYear())

export const toCandidate = (certificate: ListedCertificate, now: Date): Candidate => ({
  certificate,
  statuses: statusesOf(certificate, now),
  year: certificate.issuedAt === null ? null : yearInSweden(certificate.issuedAt),
})

function valuesOf(
  { certificate, statuses, year }: Candidate,
  dimension: Dimension,
): readonly string[] {
  switch (dimension) {
    case 'type':
      return [certificate.type.code]
    case 'unit':
      return certificate.unitId === '' ? [] : [certificate.unitId]
    case 'year':
      return year === null ? [] : [year]
    case 'status':
      return statuses
  }
}

type Wanted = [Dimension, readonly string[]][]

/** What is wanted where anything is. */
function wantedOf(filters: Filters): Wanted {
  const named = dimensions.map((dimension): Wanted[number] => [
    dimension,
    dimension === 'type' ? filters.type.map(canonicalTypeCode) : filters[dimension],
  ])
  return named.filter(([, values]) => values.length > 0)
}

const narrow = (candidates: readonly Candidate[], wanted: Wanted): Candidate[] =>
  candidates.filter((candidate) =>
    wanted.every(([dimension, values]) =>
      valuesOf(candidate, dimension).some((value) => values.includes(value)),
    ),
  )

const ofShelf = (candidates: readonly Candidate[], { archived }: Filters): Candidate[] =>
  candidates.filter(({ certificate }) => (certificate.archivedAt !== null) === archived)

export const filterCertificates = (
  candidates: readonly Candidate[],
  filters: Filters,
): Candidate[] => narrow(ofShelf(candidates, filters), wantedOf(filters))

type Facet = CertificateList['facets']['types']

function facet(
  candidates: readonly Candidate[],
  dimension: Dimension,
  nameOf: (value: string, example: Candidate) => string,
): Facet {
  const counted = new Map<string, Facet[number]>()
  for (const candidate of candidates) {
    for (const value of valuesOf(candidate, dimension)) {
      const known = counted.get(value)
      if (known === undefined) {
        counted.set(value, { value, count: 1, name: nameOf(value, candidate) })
      } else known.count += 1
    }
  }
  return [...counted.values()]
}

const collators = { sv: new Intl.Collator('sv'), en: new Intl.Collator('en') }
const byName = (language: Language) => (a: Facet[number], b: Facet[number]) =>
  collators[language].compare(a.name, b.name)

/** What the list can be narrowed by, and how many each would leave. */
export function facetsOf(
  candidates: readonly Candidate[],
  filters: Filters,
  language: Language,
): CertificateList['facets'] {
  const wanted = wantedOf(filters)
  const shelf = ofShelf(candidates, filters)
  const of = (dimension: Dimension, nameOf: (value: string, example: Candidate) => string) => {
    // A facet shows what choosing another value would give: its own filter is left out.
    const others = wanted.filter(([each]) => each !== dimension)
    return facet(others.length === 0 ? shelf : narrow(shelf, others), dimension, nameOf)
  }
  return {
    types: of('type', (_, { certificate }) => certificate.line().typeName[language]).sort(
      byName(language),
    ),
    units: of('unit', (_, { certificate }) => certificate.line().unit.name).sort(byName(language)),
    years: of('year', (year) => year).sort((a, b) => Number(b.value) - Number(a.value)),
    statuses: of('status', (status) => statusNames[language][status as CertificateStatus]).sort(
      byName(language),
    ),
  }
}

const ascending = (a: Candidate, b: Candidate) => {
  const [one, other] = [a.certificate, b.certificate]
  return one.listedAt.getTime() - other.listedAt.getTime() || (one.id < other.id ? -1 : 1)
}

const isBehind = ({ certificate }: Candidate, { listedAt, id }: Position, sort: Sort): boolean => {
  const difference =
    certificate.listedAt.getTime() - listedAt ||
    (certificate.id < id ? -1 : certificate.id > id ? 1 : 0)
  return sort === 'issuedAt' ? difference > 0 : difference < 0
}

/** One page from behind a position; certificates that arrive meanwhile move no one to another page. */
export function pageOf(
  matching: readonly Candidate[],
  { sort, limit, after }: { sort: Sort; limit: number; after: Position | undefined },
): { page: Candidate[]; next: Position | null } {
  const sorted = matching.toSorted(sort === 'issuedAt' ? ascending : (a, b) => ascending(b, a))
  const rest = after === undefined ? sorted : sorted.filter((each) => isBehind(each, after, sort))
  const page = rest.slice(0, limit)
  const last = page.at(-1)?.certificate
  const next =
    rest.length > limit && last !== undefined
      ? { listedAt: last.listedAt.getTime(), id: last.id }
      : null
  return { page, next }
}
