import fc from 'fast-check'
import type { CertificateStatus } from '@minaintyg/certificate-model'
import {
  facetsOf,
  filterCertificates,
  pageOf,
  toCandidate,
} from '../src/certificates/certificate-list.ts'
import type { Candidate, Filters } from '../src/certificates/certificate-list.ts'
import type { ListedCertificate } from '../src/certificates/certificate-list-query.ts'
import type { Sort } from '../src/certificates/list-cursor.ts'

const now = new Date('2026-03-01T12:00:00Z')
const day = 86_400_000
const types = ['LISJP', 'LUSE', 'AG7804', 'XY9999']
const units = ['SE-U1', 'SE-U2', '']
const statuses: CertificateStatus[] = ['new', 'sent', 'notSent', 'replaced', 'revoked']

const certificates = fc.record({
  id: fc.uuid(),
  type: fc.constantFrom(...types),
  unitId: fc.constantFrom(...units),
  // Few days, so that many are of the same moment.
  days: fc.integer({ min: 0, max: 20 }),
  dated: fc.boolean(),
  revoked: fc.boolean(),
  replaced: fc.boolean(),
  sent: fc.boolean(),
  archived: fc.boolean(),
})
type Drawn = typeof certificates extends fc.Arbitrary<infer T> ? T : never

function toListed(drawn: Drawn): ListedCertificate {
  const { id, type, unitId, days, dated, archived } = drawn
  const listedAt = new Date(now.getTime() - days * 20 * day)
  const at = (holds: boolean) => (holds ? now : null)
  return {
    id,
    patientId: 'p',
    sourceId: 's',
    journalId: id,
    type: { code: type, version: '1.0' },
    unitId,
    issuedAt: dated ? listedAt : null,
    listedAt,
    readable: true,
    revokedAt: at(drawn.revoked),
    sentByCareAt: null,
    sentAt: at(drawn.sent),
    replaced: drawn.replaced,
    complemented: false,
    archivedAt: at(archived),
    restoredAt: null,
    line: () => ({
      typeName: { sv: `${type} sv`, en: `${type} en` },
      issuer: { name: '' },
      unit: { id: unitId, name: `Unit ${unitId}` },
      careProvider: { id: '', name: '' },
      period: null,
      summary: { sv: null, en: null },
    }),
  }
}
const several = fc.uniqueArray(certificates, { selector: ({ id }) => id, maxLength: 30 })
const candidates = several.map((drawn) => drawn.map((each) => toCandidate(toListed(each), now)))
const some = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 })
const filters: fc.Arbitrary<Filters> = fc.record({
  type: some([...types, 'nothing']),
  unit: some(units.filter((unit) => unit !== '')),
  year: some(['2024', '2025', '2026']),
  status: some(statuses),
  archived: fc.boolean(),
})

const valuesOf = ({ certificate, statuses: own, year }: Candidate) => ({
  type: [certificate.type.code],
  unit: [certificate.unitId].filter((unit) => unit !== ''),
  year: year === null ? [] : [year],
  status: own as string[],
})
const dimensions = ['type', 'unit', 'year', 'status'] as const
const facetNames = { type: 'types', unit: 'units', year: 'years', status: 'statuses' } as const

test('what is listed has one of the values of every filter that was given, and nothing else is', () => {
  fc.assert(
    fc.property(candidates, filters, (all, wanted) => {
      const listed = new Set(filterCertificates(all, wanted))
      for (const each of all) {
        const own = valuesOf(each)
        const fits = dimensions.every(
          (name) =>
            wanted[name].length === 0 || own[name].some((value) => wanted[name].includes(value)),
        )
        const isArchived = each.certificate.archivedAt !== null
        expect(listed.has(each)).toBe(fits && isArchived === wanted.archived)
      }
    }),
  )
})

test('each facet counts what choosing that value alone would list, its own filter aside', () => {
  fc.assert(
    fc.property(candidates, filters, fc.constantFrom(...dimensions), (all, wanted, name) => {
      const facet = facetsOf(all, wanted, 'sv')[facetNames[name]]
      const without = filterCertificates(all, { ...wanted, [name]: [] })
      const values = new Set(without.flatMap((each) => valuesOf(each)[name]))
      expect(new Set(facet.map(({ value }) => value))).toEqual(values)
      for (const { value, count } of facet) {
        expect(filterCertificates(all, { ...wanted, [name]: [value] })).toHaveLength(count)
      }
    }),
  )
})

/** Walks all pages as a client does; certificates arrive before each page. */
function walk(
  start: readonly Candidate[],
  arrivals: readonly (readonly Candidate[])[],
  { sort, limit }: { sort: Sort; limit: number },
): string[] {
  let all = [...start]
  const seen: string[] = []
  let after: Parameters<typeof pageOf>[1]['after']
  for (let page = 0; ; page += 1) {
    const { page: items, next } = pageOf(all, { sort, limit, after })
    expect(items.length).toBeLessThanOrEqual(limit)
    seen.push(...items.map(({ certificate }) => certificate.id))
    if (next === null) return seen
    after = next
    all = [...all, ...(arrivals[page] ?? [])]
  }
}

test('walking the pages gives each certificate once, in order, though others arrive meanwhile', () => {
  fc.assert(
    fc.property(
      several,
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 8 }),
      fc.record({
        sort: fc.constantFrom<Sort>('issuedAt', '-issuedAt'),
        limit: fc.integer({ min: 1, max: 7 }),
      }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (drawn, steps, options, share) => {
        const all = drawn.map((each) => toCandidate(toListed(each), now))
        const start = all.slice(0, Math.ceil(all.length * share))
        const rest = all.slice(start.length)
        const arrivals = steps.map((step) => rest.splice(0, step))
        const seen = walk(start, arrivals, options)
        expect(new Set(seen).size).toBe(seen.length)
        for (const { certificate } of start) expect(seen).toContain(certificate.id)
        const byId = new Map(all.map(({ certificate }) => [certificate.id, certificate]))
        const times = seen.map((id) => byId.get(id)!.listedAt.getTime())
        const ascending = options.sort === 'issuedAt' ? times : times.toReversed()
        expect(ascending).toEqual(ascending.toSorted((a, b) => a - b))
      },
    ),
    { numRuns: 300 },
  )
})
