import { exchanges, recipientQueue } from './exchanges.ts'
import {
  CertificateAddedV1,
  CertificateReplacedV1,
  CertificateRevokedV1,
  CertificateStoredV1,
  ConsentGivenV1,
  ConsentWithdrawnV1,
  DispatchCompletionRequestedV1,
  DispatchDeliveredV1,
  DispatchReceivedV1,
  ErasureDoneV1,
} from './inner-events.ts'
import { innerQueuesOf } from './inner-topology.ts'
import {
  DispatchReplacedV1,
  DispatchRequestedV1,
  DispatchRevokedV1,
  receiptKinds,
  receiptType,
} from './recipient-events.ts'
import { dispatchRoutingKey, receiptQueue, receiptRoutingKey } from './topology.ts'

/** Someone who logs in at the broker, and all that they may do there: nothing else, and configure nothing. */
export interface BrokerUser {
  name: string
  /** Routing keys, word for word, by exchange. */
  publishes: Readonly<Record<string, readonly string[]>>
  /** Queues. */
  reads: readonly string[]
  /** Queues whose counts, and those of whose dead letters, it may see. */
  looksInto?: readonly string[]
}

/** Who says which inner event; who hears it is in the inner topology. */
const speakers: Record<string, readonly string[]> = {
  consent: [ConsentGivenV1.type, ConsentWithdrawnV1.type],
  'certificate-store': [
    CertificateStoredV1.type,
    CertificateAddedV1.type,
    CertificateRevokedV1.type,
    CertificateReplacedV1.type,
    ErasureDoneV1.type,
  ],
  rendering: [ErasureDoneV1.type],
  dispatch: [
    DispatchDeliveredV1.type,
    DispatchReceivedV1.type,
    DispatchCompletionRequestedV1.type,
    ErasureDoneV1.type,
  ],
}

const toRecipients = [DispatchRequestedV1.type, DispatchRevokedV1.type, DispatchReplacedV1.type]

/** The user that a recipient is at the broker. */
export const recipientUser = (recipientId: string) => recipientId.toLowerCase()

function serviceUser(name: string, recipientIds: readonly string[]): BrokerUser {
  const inner = { [exchanges.events]: speakers[name] ?? [] }
  const heard = innerQueuesOf(name)
  if (name !== 'dispatch') return { name, publishes: inner, reads: heard }
  const outer = recipientIds.flatMap((id) =>
    toRecipients.map((type) => dispatchRoutingKey(id, type)),
  )
  return {
    name,
    publishes: { ...inner, [exchanges.dispatch]: outer },
    reads: [...heard, receiptQueue],
    looksInto: recipientIds.map(recipientQueue),
  }
}

const recipientUserOf = (recipientId: string): BrokerUser => ({
  name: recipientUser(recipientId),
  publishes: {
    [exchanges.receipts]: receiptKinds.map((kind) =>
      receiptRoutingKey(recipientId, receiptType(kind)),
    ),
  },
  reads: [recipientQueue(recipientId)],
})

/** Every user of the broker; a service that meets no events, as identity, has none. */
export const brokerUsers = (recipientIds: readonly string[]): readonly BrokerUser[] => [
  ...Object.keys(speakers).map((name) => serviceUser(name, recipientIds)),
  ...recipientIds.map(recipientUserOf),
]
