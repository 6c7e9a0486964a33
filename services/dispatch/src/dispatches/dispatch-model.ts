export const dispatchStates = [
  'queued',
  'delivered',
  'received',
  'accepted',
  'rejected',
  'completionRequested',
  'cancelled',
  'parked',
  'revoked',
] as const
export type DispatchState = (typeof dispatchStates)[number]

export const dispatchEvents = [
  /** The broker has confirmed a routable message. */
  'confirm',
  /** Every attempt to publish has failed. */
  'park',
  /** An operator puts a parked one back. */
  'replay',
  /** It had not left, as far as anyone knows. */
  'cancel',
  /** It has left, but no document was handed out. */
  'revoke',
  /** Receipts of the recipient. */
  'receive',
  'accept',
  'reject',
  'requestCompletion',
] as const
export type DispatchEvent = (typeof dispatchEvents)[number]

/** A recipient reads its feed too, so a receipt may come before the broker's confirm is booked. */
const receipts = {
  receive: 'received',
  accept: 'accepted',
  reject: 'rejected',
  requestCompletion: 'completionRequested',
} as const

/** What is not in the table changes nothing. */
const transitions: Record<DispatchState, Partial<Record<DispatchEvent, DispatchState>>> = {
  queued: { confirm: 'delivered', park: 'parked', cancel: 'cancelled', ...receipts },
  delivered: { revoke: 'revoked', ...receipts },
  received: {
    revoke: 'revoked',
    accept: 'accepted',
    reject: 'rejected',
    requestCompletion: 'completionRequested',
  },
  completionRequested: { accept: 'accepted', reject: 'rejected' },
  parked: { confirm: 'delivered', replay: 'queued', cancel: 'cancelled', ...receipts },
  accepted: {},
  rejected: {},
  cancelled: {},
  revoked: {},
}

/** The state that an event leads to; undefined where it changes nothing. */
export function transition(state: DispatchState, event: DispatchEvent): DispatchState | undefined {
  return transitions[state][event]
}

/** In these a certificate is on its way to, or with, the recipient: it is not sent again. */
export const liveStates = [
  'queued',
  'delivered',
  'received',
  'accepted',
  'completionRequested',
] as const satisfies readonly DispatchState[]

/** In these a withdrawal still makes a difference. */
export const endableStates = [
  'queued',
  'parked',
  'delivered',
  'received',
] as const satisfies readonly DispatchState[]

/** Of what has ended, no document is handed out. */
export const endedStates = ['cancelled', 'revoked'] as const satisfies readonly DispatchState[]

/** What a journal did to a certificate that the recipient has: the dispatch stands, and the patient is told. */
export type CertificateChange = 'certificate-replaced' | 'certificate-revoked'

export interface TimelineEntry {
  state: DispatchState
  at: Date
  /** What the recipient wrote, where it did. */
  note: string | null
  /** Where this is what is told, and not the state. */
  change?: CertificateChange | null
}

export interface CertificateType {
  code: string
  version: string
  name: string
}
interface DocumentFacts {
  sha256: string
  size: number
}
/** With what it is: the original, or an employer's copy. */
export interface SentDocument extends DocumentFacts {
  mediaType: 'application/xml' | 'application/json'
}

export interface Dispatch {
  id: string
  position: number
  patientId: string
  /** Without its type where consent was withdrawn. */
  certificate: { id: string; type: CertificateType | null }
  recipientId: string
  state: DispatchState
  document: DocumentFacts | null
  requestedAt: Date
  deliveredAt: Date | null
  receivedAt: Date | null
  fetchedAt: Date | null
  withdrawnAt: Date | null
  /** Since when it tells nothing of the certificate. */
  forgottenAt: Date | null
  /** The certificate that the journal has in its place, where the recipient has been told. */
  replacedBy: string | null
}

export interface NewDispatch extends Omit<Dispatch, 'position'> {
  certificate: { id: string; type: CertificateType }
  document: SentDocument
}

export interface DispatchWithTimeline extends Dispatch {
  timeline: TimelineEntry[]
}

/** How a dispatch ends when the patient or the journal wants it back; undefined where it is too late. */
export function endingOf(dispatch: Pick<Dispatch, 'state' | 'fetchedAt'>) {
  const event = transition(dispatch.state, 'cancel') === undefined ? 'revoke' : 'cancel'
  if (event === 'revoke' && dispatch.fetchedAt !== null) return undefined
  return transition(dispatch.state, event) === undefined ? undefined : event
}
