import { Receipt, receiptKind, receiptQueue, receiptType } from '@minaintyg/contracts'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import { createConsumer, idempotentHandler } from '@minaintyg/messaging'
import type { Delivery, EventBus, Logger } from '@minaintyg/messaging'
import type { Worker } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.ts'
import type { Database } from '../database.ts'
import { errors } from '../errors.ts'
import type { Recipient, Recipients } from '../recipients/recipient-model.ts'
import type { RecordReceipt } from './record-receipt.ts'

const definitions = (['received', 'accepted', 'rejected', 'completion-requested'] as const).map(
  (kind) => ({ type: receiptType(kind), data: Receipt }),
)

class WrongSenderError extends PoisonMessageError {}

const claimedRecipient = ({ routingKey }: Delivery, recipients: Recipients) =>
  recipients.find(routingKey.split('.')[0] ?? '')

/** Who sent it: the routing key's first word, and the broker's own word where one is expected. */
function senderOf(delivery: Delivery, recipients: Recipients): Recipient {
  const recipient = claimedRecipient(delivery, recipients)
  if (recipient === undefined) throw new WrongSenderError('A receipt of no known recipient')
  const { brokerUser } = recipient
  if (brokerUser !== undefined && delivery.properties.userId !== brokerUser) {
    throw new WrongSenderError('A receipt that another user than the recipient published')
  }
  return recipient
}

/** Why it is a refused access, and not a fault: sent in another's name, or about another's dispatch. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof WrongSenderError) return 'receipt.wrong-sender'
  const isHidden = error instanceof AppError && error.code === errors.dispatchNotFound.code
  return isHidden ? error.code : undefined
}

/** Reads the receipts of all recipients; what cannot be booked is dead at once, for someone to see. */
export function createReceiptConsumer(deps: {
  bus: EventBus
  db: Kysely<Database>
  recipients: Recipients
  recordReceipt: RecordReceipt
  audit: Audit
  logger: Logger
}): Worker {
  const { bus, db, recipients, recordReceipt, audit, logger } = deps
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
        const claimedId = claimedRecipient(delivery, recipients)?.id
        try {
          const { id: recipientId } = senderOf(delivery, recipients)
          await recordReceipt(tx, { id: event.id, recipientId, kind, receipt })
        } catch (error) {
          logger.warn(
            { recipientId: claimedId, receiptId: event.id },
            'a receipt could not be booked',
          )
          const reason = refusalOf(error)
          if (reason !== undefined) {
            audit.noteSoon({
              reason,
              resourceId: receipt.dispatchId,
              recipientId: claimedId,
              route: receiptQueue,
            })
          }
          throw error
        }
      },
    }),
  })
}
