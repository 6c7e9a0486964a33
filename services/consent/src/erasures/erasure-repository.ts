import type { Kysely, Transaction } from 'kysely'
import type { ErasurePart } from '@minaintyg/contracts'
import type { Database } from '../database.ts'
import type { ErasurePartDone } from './erasure-model.ts'

export interface UnfinishedErasure {
  withdrawalId: string
  patientId: string
  withdrawnAt: Date
}

const inOneTransaction = {
  async begin(tx: Transaction<Database>, withdrawalId: string, at: Date): Promise<void> {
    await tx
      .insertInto('erasure_under_way')
      .values({ withdrawal_id: withdrawalId, asked_at: at })
      .execute()
  },

  /** A part that is confirmed again stays as it was first. @returns false where there is no such withdrawal */
  async confirm(
    tx: Transaction<Database>,
    done: ErasurePartDone & { withdrawalId: string; part: ErasurePart; confirmedAt: Date },
  ): Promise<boolean> {
    const withdrawal = await tx
      .selectFrom('consent_record')
      .select('id')
      .where('id', '=', done.withdrawalId)
      .where('kind', '=', 'withdrawn')
      .executeTakeFirst()
    if (withdrawal === undefined) return false
    await tx
      .insertInto('erasure_part')
      .values({
        withdrawal_id: done.withdrawalId,
        part: done.part,
        done_at: done.doneAt,
        confirmed_at: done.confirmedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return true
  },

  /** One at a time, so that the two last confirmations do not each think that the other is missing. */
  async lock(tx: Transaction<Database>, withdrawalId: string): Promise<void> {
    await tx
      .selectFrom('erasure_under_way')
      .select('withdrawal_id')
      .where('withdrawal_id', '=', withdrawalId)
      .forUpdate()
      .execute()
  },

  async finish(tx: Transaction<Database>, withdrawalId: string): Promise<void> {
    await tx.deleteFrom('erasure_under_way').where('withdrawal_id', '=', withdrawalId).execute()
  },

  /** Those last asked for before then, and from now on asked for at `at`. Replicas share them. */
  async takeOverdue(
    tx: Transaction<Database>,
    { before, at, limit }: { before: Date; at: Date; limit: number },
  ): Promise<UnfinishedErasure[]> {
    const rows = await tx
      .updateTable('erasure_under_way as e')
      .set({ asked_at: at })
      .from('consent_record as r')
      .whereRef('r.id', '=', 'e.withdrawal_id')
      .where('e.withdrawal_id', 'in', (from) =>
        from
          .selectFrom('erasure_under_way')
          .select('withdrawal_id')
          .where('asked_at', '<', before)
          .orderBy('asked_at')
          .limit(limit)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['e.withdrawal_id', 'r.patient_id', 'r.at'])
      .execute()
    return rows.map((row) => ({
      withdrawalId: row.withdrawal_id,
      patientId: row.patient_id,
      withdrawnAt: row.at,
    }))
  },
}

export const createErasureRepository = (db: Kysely<Database>) => ({
  ...inOneTransaction,

  async partsOf(withdrawalId: string, tx: Kysely<Database> = db): Promise<ErasurePartDone[]> {
    const rows = await tx
      .selectFrom('erasure_part')
      .select(['part', 'done_at'])
      .where('withdrawal_id', '=', withdrawalId)
      .execute()
    return rows.map(({ part, done_at }) => ({ part, doneAt: done_at }))
  },
})
export type ErasureRepository = ReturnType<typeof createErasureRepository>
