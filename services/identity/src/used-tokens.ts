import type { Kysely } from 'kysely'
import { sha256Hex } from '@minaintyg/crypto'
import type { Database } from './database.ts'

/** Remembers, for all replicas, which single-use tokens have been used. */
export interface UsedTokens {
  /** @returns false where it was used before */
  use(id: string, expiresAt: Date): Promise<boolean>
  isUsed(id: string): Promise<boolean>
}

export function createUsedTokens(db: Kysely<Database>): UsedTokens {
  return {
    async use(id, expiresAt) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('used_token')
        .values({ token_hash: sha256Hex(id), expires_at: expiresAt })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },
    async isUsed(id) {
      const row = await db
        .selectFrom('used_token')
        .select('token_hash')
        .where('token_hash', '=', sha256Hex(id))
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
