import { recipientNames } from '@minaintyg/certificate-model'
import { exchanges, recipientQueue } from './exchanges.ts'
import { innerTopology } from './inner-topology.ts'

/** Where dispatch reads the receipts of all recipients. */
export const receiptQueue = 'dispatch.receipts.v1'

/** Recipients that there are without further configuration. */
export const knownRecipientIds: readonly string[] = Object.keys(recipientNames)

/**
 * Returns of one event that the broker puts up with before it is a dead letter. A recipient counts nothing in a
 * database of ours: at 30 s between attempts this is more than three days.
 */
const recipientDeliveryLimit = 10_000

/** Routing key of an event to a recipient. */
export const dispatchRoutingKey = (recipientId: string, type: string) => `${recipientId}.${type}`

/** Routing key of a receipt: its first word is the recipient, so that a broker can permit it alone. */
export const receiptRoutingKey = (recipientId: string, type: string) => `${recipientId}.${type}`

const toRecipients = (recipientIds: readonly string[]) => ({
  exchanges: [{ name: exchanges.dispatch }, { name: exchanges.receipts }],
  queues: [
    { name: receiptQueue },
    ...recipientIds.map((recipientId) => ({
      name: recipientQueue(recipientId),
      deliveryLimit: recipientDeliveryLimit,
    })),
  ],
  bindings: [
    { queue: receiptQueue, exchange: exchanges.receipts, pattern: '#' },
    ...recipientIds.map((recipientId) => ({
      queue: recipientQueue(recipientId),
      exchange: exchanges.dispatch,
      pattern: `${recipientId}.#`,
    })),
  ],
})

/** Every exchange, queue and binding, in the form that libs/messaging takes. */
export function createTopology(recipientIds: readonly string[]) {
  const outer = toRecipients(recipientIds)
  return {
    exchanges: [...innerTopology.exchanges, ...outer.exchanges],
    queues: [...innerTopology.queues, ...outer.queues],
    bindings: [...innerTopology.bindings, ...outer.bindings],
  }
}

/** What one recipient meets of it: its own queue, and where its receipts go. */
export const createRecipientTopology = (recipientId: string) => toRecipients([recipientId])

/** The topology with the recipients that there are without further configuration. */
export const topology = createTopology(knownRecipientIds)
