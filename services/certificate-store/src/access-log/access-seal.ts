import { sql } from 'kysely'
import type { MacKeys } from '@minaintyg/crypto'
import type { Tx } from '../database.ts'

/** What stands before the first seal. */
export const beginning = Buffer.alloc(32)

/** The newest seal: a copy of it kept elsewhere shows where the log was cut off. */
export interface Head {
  sequence: number
  hash: Buffer
}

/** An entry as it is sealed: every column that has a value, whatever columns there will be. `a` is access_log. */
export const sealedText = sql<string>`jsonb_strip_nulls(to_jsonb(a))::text`

/** Times stand in {@link sealedText} in the session's zone. */
export const useUtc = async (tx: Tx): Promise<void> => {
  await sql`set local timezone = 'UTC'`.execute(tx)
}

/** The seal of an entry on top of the one before it; undefined where the key is not known. */
export const sealOf = (
  keys: MacKeys,
  keyId: string,
  link: { sequence: number; previous: Buffer; entry: string },
): Buffer | undefined =>
  keys.mac(keyId, `access-log 1\n${link.sequence}\n${link.previous.toString('hex')}\n${link.entry}`)

/** As it stands in the log, and as one gives it to those who verify. */
export const headText = ({ sequence, hash }: Head): string => `${sequence}:${hash.toString('hex')}`

export function parseHead(text: string): Head | undefined {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (sequence === undefined || hash === undefined) return undefined
  return { sequence: Number(sequence), hash: Buffer.from(hash, 'hex') }
}
