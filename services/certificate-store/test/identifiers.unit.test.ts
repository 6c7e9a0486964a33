import fc from 'fast-check'
import { createListCursors } from '../src/certificates/list-cursor.ts'
import type { CursorScope } from '../src/certificates/list-cursor.ts'
import { createIdentifiers } from '../src/identifiers.ts'
import { readVerificationId, toVerificationId } from '../src/verifications/verification-id.ts'

const identifiers = createIdentifiers(Buffer.alloc(32, 7).toString('base64'))
const others = createIdentifiers(Buffer.alloc(32, 8).toString('base64'))
const certificate = {
  patientId: '0190a1b2-0000-7000-8000-000000000001',
  typeCode: 'LISJP',
  journalId: 'a-1',
}

describe('the id of a certificate', () => {
  test('is this one for good: another would let a certificate be sent twice', () => {
    expect(identifiers.certificateId(certificate)).toBe('31eba89b-3917-8758-9293-882ef6a9b206')
  })

  test('is a UUID of version 8 that only the same key gives for the same certificate', () => {
    const certificates = fc.record({
      patientId: fc.uuid(),
      typeCode: fc.string(),
      journalId: fc.string(),
    })
    const uuid8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    fc.assert(
      fc.property(certificates, certificates, (one, other) => {
        const id = identifiers.certificateId(one)
        expect(id).toMatch(uuid8)
        expect(identifiers.certificateId({ ...one })).toBe(id)
        expect(others.certificateId(one)).not.toBe(id)
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(identifiers.certificateId(other) === id).toBe(same)
      }),
    )
  })

  test('does not run its parts together', () => {
    const ids = [
      { ...certificate, typeCode: 'A', journalId: 'BC' },
      { ...certificate, typeCode: 'AB', journalId: 'C' },
      { ...certificate, typeCode: 'A","B', journalId: 'C' },
      { ...certificate, typeCode: 'A', journalId: 'B","C' },
    ].map((each) => identifiers.certificateId(each))
    expect(new Set(ids).size).toBe(4)
  })
})

describe('what stands on a copy', () => {
  const copy = { certificateId: '31eba89b-3917-8758-9293-882ef6a9b206', adapted: false }

  test('is this for good: papers are kept, and the same copy is the same bytes', () => {
    expect(identifiers.verificationId(copy)).toBe('51dwve99w7fs1mxydjhpqz5609')
    expect(identifiers.verificationId({ ...copy, adapted: true })).not.toBe(
      '51dwve99w7fs1mxydjhpqz5609',
    )
    expect(others.verificationId(copy)).not.toBe('51dwve99w7fs1mxydjhpqz5609')
  })

  test('holds all of 128 bits, and is read back however it is typed', () => {
    const codes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((each) => Buffer.from(each))
    fc.assert(
      fc.property(codes, codes, (one, other) => {
        const id = toVerificationId(one)
        expect(toVerificationId(other) === id).toBe(one.equals(other))
        expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/)
        const typed = id.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'I')
        expect(readVerificationId(`${typed.slice(0, 5)}-${typed.slice(5)}`)).toBe(id)
      }),
    )
  })
})

describe('a cursor', () => {
  const cursors = createListCursors(identifiers)
  const scope: CursorScope = {
    patientId: certificate.patientId,
    sort: '-issuedAt',
    filters: { type: ['LISJP', 'LUSE'], unit: [], archived: false },
  }
  const positions = fc.record({
    listedAt: fc.integer({ min: -1e13, max: 1e13 }),
    id: fc.uuid(),
  })
  const invalid = expect.objectContaining({ code: 'cursor.invalid' })

  test('comes back as what it was made of', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(cursors.decode(cursors.encode(position, scope), scope)).toEqual(position)
      }),
    )
  })

  const position = { listedAt: 1_767_225_600_000, id: '5b2f1c1e-0000-4000-8000-000000000001' }
  const cursor = cursors.encode(position, scope)

  test.each<[string, CursorScope]>([
    ['patient', { ...scope, patientId: '0190a1b2-0000-7000-8000-000000000002' }],
    ['order', { ...scope, sort: 'issuedAt' }],
    ['filter', { ...scope, filters: { ...scope.filters, type: ['LISJP'] } }],
    ['filter that was none', { ...scope, filters: { ...scope.filters, unit: ['SE-U1'] } }],
    ['archive', { ...scope, filters: { ...scope.filters, archived: true } }],
  ])('of another %s is refused', (_, other) => {
    expect(() => cursors.decode(cursor, other)).toThrow(invalid)
  })

  test('does not mind the order in which filters were named', () => {
    const { unit, ...rest } = scope.filters
    const filters = { ...rest, unit: unit!, type: ['LUSE', 'LISJP', 'LUSE'] }
    expect(cursors.decode(cursor, { ...scope, filters })).toEqual(position)
  })

  test('of another key, cut off, lengthened or changed in any bit is refused', () => {
    const bytes = Buffer.from(cursor, 'base64url')
    expect(() => createListCursors(others).decode(cursor, scope)).toThrow(invalid)
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => cursors.decode(changed.toString('base64url'), scope)).toThrow(invalid)
    }
    for (const wrong of [bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])]) {
      expect(() => cursors.decode(wrong.toString('base64url'), scope)).toThrow(invalid)
    }
  })

  test('that is anything else is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (garbage) => {
        expect(() => cursors.decode(garbage, scope)).toThrow(invalid)
      }),
    )
  })
})
