/** Someone who takes certificates. */
export interface Recipient {
  /** Code in KV_PART. */
  id: string
  /** For patients. */
  name: string
  /** OAuth client that the recipient is. */
  clientId: string
  /** How it is told of a dispatch. */
  channel: 'event'
  /** User at the broker. Where set, receipts that another user published are refused. */
  brokerUser?: string
}

/** Those that there are without further configuration. */
export const defaultRecipients: readonly Recipient[] = [
  {
    id: 'FKASSA',
    name: 'Försäkringskassan',
    clientId: 'forsakringskassan',
    channel: 'event',
  },
  {
    id: 'TRANSP',
    name: 'Transportstyrelsen',
    clientId: 'transportstyrelsen',
    channel: 'event',
  },
  {
    id: 'AF',
    name: 'Arbetsförmedlingen',
    clientId: 'arbetsformedlingen',
    channel: 'event',
  },
]

export function createRecipients(recipients: readonly Recipient[]) {
  const byId = new Map(recipients.map((recipient) => [recipient.id, recipient]))
  const byClient = new Map(recipients.map((recipient) => [recipient.clientId, recipient]))
  return {
    all: recipients,
    find: (id: string) => byId.get(id),
    findByClient: (clientId: string) => byClient.get(clientId),
    /** A recipient that has left the configuration keeps its code in old dispatches. */
    nameOf: (id: string) => byId.get(id)?.name ?? id,
  }
}
export type Recipients = ReturnType<typeof createRecipients>
