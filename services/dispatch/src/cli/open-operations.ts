import Type from 'typebox'
import { EventBusVariables, eventBusOf, loadConfig } from '@minaintyg/config'
import { openDeadLetters, silentLogger } from '@minaintyg/messaging'
import { createAudit } from '../audit/audit.ts'
import { DispatchConfig, recipientsOf } from '../config.ts'
import { openDatabase } from '../database.ts'
import { createDispatchRepository } from '../dispatches/dispatch-repository.ts'
import { createEndDispatch } from '../dispatches/end-dispatch.ts'
import {
  createCertificateReplacedConsumer,
  createCertificateRevokedConsumer,
  createConsentWithdrawnConsumer,
} from '../dispatches/inner-event-consumers.ts'
import { createReplaceCertificate } from '../dispatches/replace-certificate.ts'
import { createWithdrawDispatches } from '../dispatches/withdraw-dispatches.ts'
import { createRecipientEventRepository } from '../events/recipient-event-repository.ts'
import { createDeadLetterOperations, collectHandlers } from '../operator/dead-letter-operations.ts'
import { createDispatchOperations } from '../operator/dispatch-operations.ts'
import { createReceiptConsumer } from '../receipts/receipt-consumer.ts'
import { createReceiptRepository } from '../receipts/receipt-repository.ts'
import { createRecordReceipt } from '../receipts/record-receipt.ts'
import { createRecipients } from '../recipients/recipient-model.ts'
import type { Order } from './dispatches-arguments.ts'

const { DATABASE_URL, RECIPIENTS } = DispatchConfig.properties
const Variables = Type.Object({ DATABASE_URL, RECIPIENTS, ...EventBusVariables })
const now = () => new Date()

/** All that an order may need; the bus is not reached before it is needed. */
export function openOperations({ operator }: Order, env: NodeJS.ProcessEnv) {
  const config = loadConfig(Variables, env)
  const recipients = createRecipients(recipientsOf(config))
  const db = openDatabase(config.DATABASE_URL, 2)
  const dispatches = createDispatchRepository(db)
  // No request is sent from here, so no address is said.
  const events = createRecipientEventRepository('')
  const endDispatch = createEndDispatch({ dispatches, events })
  const audit = createAudit({ db, now, log: silentLogger })
  const common = { db, dispatches, events, endDispatch, recipients, now, operator }

  async function openDead() {
    const deadLetters = await openDeadLetters(eventBusOf(config).url)
    const { bus, handlers } = collectHandlers()
    const withdraw = createWithdrawDispatches(common)
    const recordReceipt = createRecordReceipt({ ...common, receipts: createReceiptRepository() })
    const replaceCertificate = createReplaceCertificate(common)
    const shared = { ...common, bus, withdraw, recordReceipt, replaceCertificate, audit }
    const consumers = [
      createReceiptConsumer({ ...shared, logger: silentLogger }),
      createConsentWithdrawnConsumer(shared),
      createCertificateRevokedConsumer(shared),
      createCertificateReplacedConsumer(shared),
    ]
    const operations = createDeadLetterOperations({ ...common, deadLetters, handlers, consumers })
    return { operations, close: () => deadLetters.close() }
  }

  return {
    dispatches: createDispatchOperations(common),
    openDead,
    async close() {
      await audit.settle()
      await db.destroy()
    },
  }
}
