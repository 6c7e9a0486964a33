import type { Dispatch as DispatchView } from '@minaintyg/contracts'
import type { Kysely } from 'kysely'
import type { Database, Statement, Tx } from '../database.ts'

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
    /**
     * A part of the statement that comes of it, which waits for another request with the same key and breaks the primary
     * key where that one was first.
     */
    insert(
      tx: Tx,
      { patientId, key }: IdempotencyKey,
      { requestHash, answer }: { requestHash: string; answer: DispatchView },
      at: Date,
    ): Statement {
      const row = {
        patient_id: patientId,
        key,
        request_hash: requestHash,
        dispatch_id: answer.id,
        answer: JSON.stringify(answer),
        created_at: at,
      }
      return tx.with('remembered', (query) => query.insertInto('idempotency_key').values(row))
    },
  }
}
export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>
