import type { Receipt, ReceiptKind } from '@minaintyg/contracts'
import type { Tx } from '../database.ts'

export interface NewReceipt {
  id: string
  recipientId: string
  kind: ReceiptKind
  receipt: Receipt
}

export function createReceiptRepository() {
  return {
    /** @returns false where the recipient has sent a receipt with this id before */
    async insert(
      tx: Tx,
      { id, recipientId, kind, receipt }: NewReceipt,
      at: Date,
    ): Promise<boolean> {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('receipt')
        .values({
          recipient_id: recipientId,
          id,
          dispatch_id: receipt.dispatchId,
          kind,
          at: new Date(receipt.at),
          received_at: at,
          reference: receipt.reference ?? null,
          reason: receipt.reason ?? null,
          question: receipt.question ?? null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },

    /** After a withdrawal ids and times are what is kept. */
    async forgetWords(tx: Tx, patientId: string): Promise<void> {
      const ofPatient = tx.selectFrom('dispatch').select('id').where('patient_id', '=', patientId)
      await tx
        .updateTable('receipt')
        .set({ reference: null, reason: null, question: null })
        .where('dispatch_id', 'in', ofPatient)
        .execute()
      await tx
        .updateTable('timeline_entry')
        .set({ note: null })
        .where('dispatch_id', 'in', ofPatient)
        .where('note', 'is not', null)
        .execute()
    },
  }
}
export type ReceiptRepository = ReturnType<typeof createReceiptRepository>
