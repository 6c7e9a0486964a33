import { recipientNames } from '@minaintyg/certificate-model'
import { exchanges, recipientQueue } from './exchanges.ts'
import { innerTopology } from './inner-topology.ts'

/** Where dispatch reads the receipts of all recipients. */
export const receiptQueue = 'dispatch.receipts.v1'

/** Routing key of an event to a recipient. */
export const dispatchRoutingKey = (recipientId: string, type: string) => `${recipientId}.${type}`

/** Routing key of a receipt: its first word is the recipient, so that a broker can permit it alone. */
export const receiptRoutingKey = (recipientId: string, type: string) => `${recipientId}.${type}`

/** Every exchange, queue and binding, in the form that libs/messaging takes. */
export function createTopology(recipientIds: readonly string[]) {
  const recipientQueues = recipientIds.map((recipientId) => ({ name: recipientQueue(recipientId) }))
  const recipientBindings = recipientIds.map((recipientId) => ({
    queue: recipientQueue(recipientId),
    exchange: exchanges.dispatch,
    pattern: `${recipientId}.#`,
  }))
  return {
    exchanges: [
      ...innerTopology.exchanges,
      { name: exchanges.dispatch },
      { name: exchanges.receipts },
    ],
    queues: [...innerTopology.queues, { name: receiptQueue }, ...recipientQueues],
    bindings: [
      ...innerTopology.bindings,
      { queue: receiptQueue, exchange: exchanges.receipts, pattern: '#' },
      ...recipientBindings,
    ],
  }
}

/** The topology with the recipients that there are without further configuration. */
export const topology = createTopology(Object.keys(recipientNames))
