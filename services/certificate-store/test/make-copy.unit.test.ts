import { createIdentifiers } from '../src/identifiers.ts'
import { makeCopyOfAny } from '../src/copies/make-copy.ts'
import type { CopyFacts } from '../src/copies/make-copy.ts'
import { standardCatalogue } from '../src/structure/catalogue.ts'
import type { Catalogue } from '../src/structure/catalogue-model.ts'
import { parsedOf } from './structured.ts'

const broken = new Proxy({} as Catalogue, {
  get: () => {
    throw new Error('a fault of ours')
  },
})

const factsWith = (catalogue: Catalogue): CopyFacts => ({
  patientId: '0190a1b2-0000-7000-8000-000000000001',
  sourceId: 'west',
  sourceName: 'Journal Väst',
  dataKey: Buffer.alloc(32, 1),
  identifiers: createIdentifiers(Buffer.alloc(32, 7).toString('base64')),
  catalogue,
  seenAt: new Date('2026-11-01T10:00:00Z'),
})

const entry = parsedOf({})
const named = { entry, journalId: 'a-1', fingerprint: 'f', archived: false }

describe('a copy', () => {
  test('of a certificate that is structured can be shown', () => {
    const copy = makeCopyOfAny(factsWith(standardCatalogue()), named)
    expect(copy.row.readable).toBe(true)
    expect(copy.fault).toBeUndefined()
  })

  test('of one that our own fault keeps from it is an entry that cannot, under the same id', () => {
    const good = makeCopyOfAny(factsWith(standardCatalogue()), named)
    const copy = makeCopyOfAny(factsWith(broken), named)
    expect(copy.row).toMatchObject({ readable: false, id: good.row.id, type_code: entry.type.code })
    expect(copy.row.fingerprint).not.toBe(good.row.fingerprint)
    expect(copy.fault).toEqual(new Error('a fault of ours'))
  })
})
