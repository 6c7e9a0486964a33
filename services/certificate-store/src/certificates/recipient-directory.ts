import { defaultRecipients, sendActionOf } from '@minaintyg/certificate-model'
import type { CertificateActions, OfferFacts, Recipient } from '@minaintyg/certificate-model'

/** Who takes certificates, as dispatch has them: it enforces what is said here by the same rule. */
export interface RecipientDirectory {
  sendAction(facts: OfferFacts): CertificateActions['send']
  /** For people; the id of one that is known no more. */
  nameOf(id: string): string
}

export function createRecipientDirectory(recipients: readonly Recipient[]): RecipientDirectory {
  // An authority that has left the configuration keeps its name in what is old.
  const names = new Map([...defaultRecipients, ...recipients].map(({ id, name }) => [id, name]))
  return {
    sendAction: (facts) => sendActionOf(recipients, facts),
    nameOf: (id) => names.get(id) ?? id,
  }
}
