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
  }
}
export type ReceiptRepository = ReturnType<typeof createReceiptRepository>
