import type { CertificateActions } from '../certificate.ts'
import { canonicalTypeCode, recipientNames, typeRule } from '../type-rules.ts'
import type { RecipientId } from '../type-rules.ts'
import type { Recipient } from './recipient.ts'

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

/** A certificate’s type, and whether it goes to the authority of its type: {@link certificateActions} says it. */
export interface OfferFacts {
  type: { code: string }
  send: CertificateActions['send']
}

/** A recipient that a certificate can go to, or the code of why it cannot. */
export interface Offer {
  recipient: Recipient
  reason: string | undefined
}

/** What holds for the authority of a type alone: another recipient may take the certificate nevertheless. */
const ofAuthorityAlone = ['recipient.none', 'certificate.version-too-old']

function reasonAgainst({ id, kind, channel }: Recipient, { send }: OfferFacts): string | undefined {
  if (channel === 'none') return 'recipient.not-accepted'
  const named = kind !== 'authority' || send.recipients.some((each) => each.id === id)
  if (send.allowed) return named ? undefined : 'recipient.not-accepted'
  const { reason = 'certificate.not-sendable' } = send
  return kind !== 'authority' && ofAuthorityAlone.includes(reason) ? undefined : reason
}

/** Everyone who takes certificates of the kind, the authority first: what a patient is told, and what is enforced. */
export const offersOf = (recipients: readonly Recipient[], facts: OfferFacts): Offer[] =>
  recipients
    .filter((recipient) => acceptsType(recipient, facts.type.code))
    .sort((a, b) => Number(b.kind === 'authority') - Number(a.kind === 'authority'))
    .map((recipient) => ({ recipient, reason: reasonAgainst(recipient, facts) }))

/** The same as an action of the certificate: to whom it can go of those that there are, or why it goes to nobody. */
export function sendActionOf(
  recipients: readonly Recipient[],
  facts: OfferFacts,
): CertificateActions['send'] {
  const open = offersOf(recipients, facts)
    .filter(({ reason }) => reason === undefined)
    .map(({ recipient: { id, name } }) => ({ id, name }))
  if (open.length > 0) return { allowed: true, recipients: open }
  const { reason = 'recipient.none' } = facts.send
  return { allowed: false, reason, recipients: [] }
}
