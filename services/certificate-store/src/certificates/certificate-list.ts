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

const yearInSweden = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  year: 'numeric',
})

export const toCandidate = (certificate: ListedCertificate, now: Date): Candidate => ({
  certificate,
  statuses: statusesOf(certificate, now),
  year: certificate.issuedAt === null ? null : yearInSweden.format(certificate.issuedAt),
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

function wantedOf(filters: Filters, dimension: Dimension): readonly string[] {
  return dimension === 'type' ? filters.type.map(canonicalTypeCode) : filters[dimension]
}

function matches(candidate: Candidate, filters: Filters, except?: Dimension): boolean {
  if ((candidate.certificate.archivedAt !== null) !== filters.archived) return false
  return dimensions.every((dimension) => {
    const wanted = wantedOf(filters, dimension)
    if (dimension === except || wanted.length === 0) return true
    return valuesOf(candidate, dimension).some((value) => wanted.includes(value))
  })
}

export const filterCertificates = (
  candidates: readonly Candidate[],
  filters: Filters,
): Candidate[] => candidates.filter((candidate) => matches(candidate, filters))

type Facet = CertificateList['facets']['types']

function facet(
  candidates: readonly Candidate[],
  { filters, dimension }: { filters: Filters; dimension: Dimension },
  nameOf: (value: string, example: Candidate) => string,
): Facet {
  const counted = new Map<string, { count: number; example: Candidate }>()
  // A facet shows what choosing another value would give: its own filter is left out.
  for (const candidate of candidates.filter((each) => matches(each, filters, dimension))) {
    for (const value of valuesOf(candidate, dimension)) {
      const known = counted.get(value)
      if (known === undefined) counted.set(value, { count: 1, example: candidate })
      else known.count += 1
    }
  }
  return [...counted].map(([value, { count, example }]) => ({
    value,
    count,
    name: nameOf(value, example),
  }))
}

const byName = (language: Language) => (a: Facet[number], b: Facet[number]) =>
  a.name.localeCompare(b.name, language)

/** What the list can be narrowed by, and how many each would leave. */
export function facetsOf(
  candidates: readonly Candidate[],
  filters: Filters,
  language: Language,
): CertificateList['facets'] {
  const of = (dimension: Dimension, nameOf: (value: string, example: Candidate) => string) =>
    facet(candidates, { filters, dimension }, nameOf)
  return {
    types: of('type', (_, { certificate }) => certificate.line().typeName[language]).sort(
      byName(language),
    ),
    units: of('unit', (_, { certificate }) => certificate.line().unit.name).sort(byName(language)),
    years: of('year', (year) => year).sort((a, b) => b.value.localeCompare(a.value)),
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
