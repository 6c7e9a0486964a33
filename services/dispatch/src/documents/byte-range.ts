import parseRange from 'range-parser'

/** The bytes that are asked for, `whole` for all of them, or none that there are. */
export type AskedBytes = 'whole' | 'unsatisfiable' | { start: number; end: number }

const unsatisfiable = -1

/**
 * RFC 9110, section 14: one range, where the validator still holds. What is no range of bytes, or several, is answered
 * with the whole, as it may be.
 */
export function askedBytes(
  headers: { range?: string | undefined; 'if-range'?: string | undefined },
  { size, etag }: { size: number; etag: string },
): AskedBytes {
  const { range, 'if-range': ifRange } = headers
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return 'whole'
  const ranges = parseRange(size, range)
  if (ranges === unsatisfiable) return 'unsatisfiable'
  if (typeof ranges === 'number' || ranges.type !== 'bytes' || ranges.length !== 1) return 'whole'
  const [only] = ranges
  return only === undefined ? 'whole' : { start: only.start, end: only.end }
}
