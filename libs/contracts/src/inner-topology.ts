import { exchanges } from './exchanges.ts'
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

/** Who hears which inner event. Publishers and consumers declare this same topology. */
const hearers: Record<string, readonly string[]> = {
  'certificate-store': [ConsentWithdrawnV1.type, DispatchDeliveredV1.type, DispatchReceivedV1.type],
  dispatch: [ConsentWithdrawnV1.type, CertificateRevokedV1.type, CertificateReplacedV1.type],
  rendering: [ConsentWithdrawnV1.type],
  consent: [ErasureDoneV1.type],
}

/** Facts that nobody has to hear yet; any other event that finds no queue is an error. */
const unheard: readonly string[] = [
  ConsentGivenV1.type,
  CertificateStoredV1.type,
  CertificateAddedV1.type,
  DispatchCompletionRequestedV1.type,
]

/** The queue in which a service hears one kind of inner event. */
export const innerQueue = (service: string, eventType: string) => `${service}.${eventType}`

const bindings = Object.entries(hearers).flatMap(([service, types]) =>
  types.map((pattern) => ({
    queue: innerQueue(service, pattern),
    exchange: exchanges.events,
    pattern,
  })),
)

/** Exchange, queues and bindings of the events between services, in the form that libs/messaging takes. */
export const innerTopology = {
  exchanges: [{ name: exchanges.events, unheard }],
  queues: bindings.map(({ queue }) => ({ name: queue })),
  bindings,
}

/** The queues in which a service hears inner events. */
export const innerQueuesOf = (service: string): string[] =>
  (hearers[service] ?? []).map((eventType) => innerQueue(service, eventType))
