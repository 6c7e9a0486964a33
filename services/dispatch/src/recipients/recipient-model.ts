import { canonicalTypeCode, recipientNames, typeRule } from '@minaintyg/certificate-model'
import type { RecipientId } from '@minaintyg/certificate-model'
import type { SendFacts } from '@minaintyg/contracts'
import type { Recipient } from './recipient-schema.ts'

const clientIds: Record<RecipientId, string> = {
  FKASSA: 'forsakringskassan',
  TRANSP: 'transportstyrelsen',
  AF: 'arbetsformedlingen',
}

/** Those that there are without further configuration: the authorities that the rules of the types name. */
export const defaultRecipients: readonly Recipient[] = (
  Object.keys(clientIds) as RecipientId[]
).map((id) => ({
  id,
  name: recipientNames[id],
  kind: 'authority',
  channel: 'event',
  clientId: clientIds[id],
  projections: ['original', 'structured', 'pdf'],
  retention: { basis: 'arkivlagen (1990:782)' },
}))

/** Whether certificates of a type go to it, whatever becomes of one of them. */
export function acceptsType({ id, kind, accepts }: Recipient, code: string): boolean {
  const rule = typeRule(code)
  if (kind === 'authority') return rule.recipient === id
  const { categories = [], types = [] } = accepts ?? {}
  return (
    (rule.category !== undefined && categories.includes(rule.category)) ||
    types.some((type) => canonicalTypeCode(type) === canonicalTypeCode(code))
  )
}

/** A recipient that a certificate can go to, or the code of why it cannot. */
export interface Offer {
  recipient: Recipient
  reason: string | undefined
}

/** What holds for the authority of a type alone: another recipient may take the certificate nevertheless. */
const ofAuthorityAlone = ['recipient.none', 'certificate.version-too-old']

function reasonAgainst({ id, kind, channel }: Recipient, { send }: SendFacts): string | undefined {
  if (channel === 'none') return 'recipient.not-accepted'
  const named = kind !== 'authority' || send.recipients.some((each) => each.id === id)
  if (send.allowed) return named ? undefined : 'recipient.not-accepted'
  const { reason = 'certificate.not-sendable' } = send
  return kind !== 'authority' && ofAuthorityAlone.includes(reason) ? undefined : reason
}

/** Everyone who takes certificates of the kind, the authority first. */
export const offersOf = (recipients: readonly Recipient[], facts: SendFacts): Offer[] =>
  recipients
    .filter((recipient) => acceptsType(recipient, facts.type.code))
    .sort((a, b) => Number(b.kind === 'authority') - Number(a.kind === 'authority'))
    .map((recipient) => ({ recipient, reason: reasonAgainst(recipient, facts) }))

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
    offers: (facts: SendFacts) => offersOf(recipients, facts),
    /** A recipient that has left the configuration keeps its code in old dispatches. */
    nameOf: (id: string) => byId.get(id)?.name ?? id,
  }
}
export type Recipients = ReturnType<typeof createRecipients>
export type { Recipient } from './recipient-schema.ts'
