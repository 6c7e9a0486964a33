import type { Dispatch as DispatchView } from '@minaintyg/contracts'
import type { Kysely } from 'kysely'
import type { Database, Tx } from '../database.ts'

export interface IdempotencyKey {
  patientId: string
  key: string
}
export interface RememberedAnswer {
  requestHash: string
  dispatchId: string
  /** Null where consent was withdrawn afterwards: the dispatch as it stands is the answer. */
  answer: DispatchView | null
}

export function createIdempotencyRepository(db: Kysely<Database>) {
  return {
    async find({ patientId, key }: IdempotencyKey): Promise<RememberedAnswer | undefined> {
      const row = await db
        .selectFrom('idempotency_key')
        .select(['request_hash', 'dispatch_id', 'answer'])
        .where('patient_id', '=', patientId)
        .where('key', '=', key)
        .executeTakeFirst()
      return (
        row && {
          requestHash: row.request_hash,
          dispatchId: row.dispatch_id,
          answer: row.answer as DispatchView | null,
        }
      )
    },
    /** Waits for another request with the same key. @returns false where that one was first */
    async insert(
      tx: Tx,
      { patientId, key }: IdempotencyKey,
      { requestHash, answer }: { requestHash: string; answer: DispatchView },
      at: Date,
    ): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('idempotency_key')
        .values({
          patient_id: patientId,
          key,
          request_hash: requestHash,
          dispatch_id: answer.id,
          answer: JSON.stringify(answer),
          created_at: at,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },
  }
}
export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>
