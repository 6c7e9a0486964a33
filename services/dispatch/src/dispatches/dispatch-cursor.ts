import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

/** A cursor names a position and means nothing to who holds it. */
export const encodeCursor = (position: number): string =>
  Buffer.from(`d${position}`).toString('base64url')

export function decodeCursor(cursor: string): number {
  const position = /^d(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (position === undefined) throw new AppError(errors.cursorInvalid)
  return Number(position)
}
