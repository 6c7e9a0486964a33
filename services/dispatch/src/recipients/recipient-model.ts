import { offersOf } from '@minaintyg/certificate-model'
import type { OfferFacts, Recipient } from '@minaintyg/certificate-model'

export function createRecipients(recipients: readonly Recipient[]) {
  const byId = new Map(recipients.map((recipient) => [recipient.id, recipient]))
  const byClient = new Map(
    recipients.flatMap((recipient) =>
      recipient.clientId === undefined ? [] : [[recipient.clientId, recipient] as const],
    ),
  )
  return {
    all: recipients,
    /** Those who have a queue. */
    withChannel: recipients.filter(({ channel }) => channel === 'event'),
    find: (id: string) => byId.get(id),
    findByClient: (clientId: string) => byClient.get(clientId),
    offers: (facts: OfferFacts) => offersOf(recipients, facts),
    /** A recipient that has left the configuration keeps its code in old dispatches. */
    nameOf: (id: string) => byId.get(id)?.name ?? id,
  }
}
export type Recipients = ReturnType<typeof createRecipients>
export type { Recipient } from '@minaintyg/certificate-model'
