import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

export type Sort = '-issuedAt' | 'issuedAt'

/** The last certificate of a page, by what a list is sorted by. */
export interface Position {
  sort: Sort
  listedAt: number
  id: string
}

/** Means nothing to who holds it. */
export const encodeCursor = ({ sort, listedAt, id }: Position): string =>
  Buffer.from(`1 ${sort} ${listedAt} ${id}`).toString('base64url')

const form = /^1 (-?issuedAt) (-?\d{1,15}) ([0-9a-f-]{36})$/

/** @throws {AppError} for what is no cursor, or one of a list in another order */
export function decodeCursor(cursor: string, sort: Sort): Position {
  const [, sorted, listedAt, id] =
    form.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (sorted !== sort || listedAt === undefined || id === undefined) {
    throw new AppError(errors.cursorInvalid)
  }
  return { sort, listedAt: Number(listedAt), id }
}
