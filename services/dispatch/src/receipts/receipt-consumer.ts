import { Receipt, receiptKind, receiptQueue, receiptType } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { Delivery, EventBus, Logger } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { Recipient, Recipients } from '../recipients/recipient-model.ts'
import type { RecordReceipt } from './record-receipt.ts'

const definitions = (['received', 'accepted', 'rejected', 'completion-requested'] as const).map(
  (kind) => ({ type: receiptType(kind), data: Receipt }),
)

/** Who sent it: the routing key's first word, and the broker's own word where one is expected. */
function senderOf(delivery: Delivery, recipients: Recipients): Recipient {
  const recipient = recipients.find(delivery.routingKey.split('.')[0] ?? '')
  if (recipient === undefined) throw new PoisonMessageError('A receipt of no known recipient')
  const { brokerUser } = recipient
  if (brokerUser !== undefined && delivery.properties.userId !== brokerUser) {
    throw new PoisonMessageError('A receipt that another user than the recipient published')
  }
  return recipient
}

/** Reads the receipts of all recipients; what cannot be booked is dead at once, for someone to see. */
export function createReceiptConsumer(deps: {
  bus: EventBus
  db: Kysely<Database>
  recipients: Recipients
  recordReceipt: RecordReceipt
  logger: Logger
}): Worker {
  const { bus, db, recipients, recordReceipt, logger } = deps
  return createConsumer({
    name: 'receipt-consumer',
    bus,
    subscription: { queue: receiptQueue },
    handler: idempotentHandler({
      db,
      handler: 'dispatch.receipts',
      definition: definitions,
      async handle(receipt, tx, { event, delivery }) {
        const kind = receiptKind(event.type)
        if (kind === undefined) throw new PoisonMessageError('An event that is no receipt')
        const { id: recipientId } = senderOf(delivery, recipients)
        try {
          await recordReceipt(tx, { id: event.id, recipientId, kind, receipt })
        } catch (error) {
          logger.warn({ recipientId, receiptId: event.id }, 'a receipt could not be booked')
          throw error
        }
      },
    }),
  })
}
