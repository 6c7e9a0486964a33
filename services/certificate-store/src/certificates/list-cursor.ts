import { timingSafeEqual } from 'node:crypto'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import type { Identifiers } from '../identifiers.ts'

export type Sort = '-issuedAt' | 'issuedAt'

/** The last certificate of a page, by what a list is sorted by. */
export interface Position {
  listedAt: number
  id: string
}

/** What a cursor goes on with, and with nothing else: whose list it is, in what order, narrowed by what. */
export interface CursorScope {
  patientId: string
  sort: Sort
  filters: Record<string, readonly string[] | boolean>
}

const timeLength = 8
const idLength = 16
const signatureLength = 16

/** The same filters in another order, or named twice, are the same. */
const canonical = ({ patientId, sort, filters }: CursorScope): unknown[] => [
  patientId,
  sort,
  ...Object.entries(filters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [
      name,
      typeof value === 'boolean' ? value : [...new Set(value)].sort(),
    ]),
]

function toBytes({ listedAt, id }: Position): Buffer {
  const bytes = Buffer.alloc(timeLength + idLength)
  bytes.writeBigInt64BE(BigInt(listedAt))
  bytes.write(id.replaceAll('-', ''), timeLength, 'hex')
  return bytes
}

function toPosition(bytes: Buffer): Position {
  const hex = bytes.subarray(timeLength).toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return { listedAt: Number(bytes.readBigInt64BE()), id }
}

/** Cursors that mean nothing to who holds them, and are good for the list that they came from alone. */
export function createListCursors({ sign }: Pick<Identifiers, 'sign'>) {
  const signatureOf = (position: Buffer, scope: CursorScope) =>
    sign(JSON.stringify([position.toString('hex'), canonical(scope)]))
  return {
    encode(position: Position, scope: CursorScope): string {
      const bytes = toBytes(position)
      return Buffer.concat([bytes, signatureOf(bytes, scope)]).toString('base64url')
    },

    /** @throws {AppError} cursor.invalid, for whatever was not made for this very list */
    decode(cursor: string, scope: CursorScope): Position {
      const bytes = Buffer.from(cursor, 'base64url')
      const position = bytes.subarray(0, timeLength + idLength)
      const signature = bytes.subarray(timeLength + idLength)
      if (
        signature.length !== signatureLength ||
        !timingSafeEqual(signature, signatureOf(position, scope))
      ) {
        throw new AppError(errors.cursorInvalid)
      }
      return toPosition(position)
    },
  }
}
