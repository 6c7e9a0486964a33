import type {
  Certificate,
  CertificateEvent,
  CertificateListItem,
  CertificateRelation,
  RelationKind,
} from '@minaintyg/certificate-model'
import type { Language } from '@minaintyg/service'
import type { CertificateLine } from '../copies/sealed-parts.ts'
import type { WireRelationKind } from '../database.ts'
import type { CertificateDispatch } from '../dispatches/dispatch-fact-repository.ts'
import type { WholeCertificate } from './certificate-repository.ts'
import type { RecipientDirectory } from './recipient-directory.ts'
import type { StoredCertificate } from './stored-certificate.ts'
import type { RelatedCertificate } from './related-certificates.ts'
import { actionsOf, statusesOf } from './certificate-status.ts'
import { eventText } from './texts.ts'

interface ViewOptions {
  language: Language
  now: Date
  /** Name of a journal by its id. */
  sourceName: (id: string) => string
}

/** A certificate as a line of the list. */
export function toListItem(
  certificate: StoredCertificate,
  line: CertificateLine,
  { language, now, sourceName }: ViewOptions,
  statuses = statusesOf(certificate, now),
): CertificateListItem {
  const { id, type, issuedAt, archivedAt, readable, sourceId } = certificate
  return {
    id,
    type: { ...type, name: line.typeName[language] },
    issuedAt: issuedAt?.toISOString() ?? null,
    issuer: line.issuer,
    unit: line.unit,
    careProvider: line.careProvider,
    period: line.period,
    summary: line.summary[language],
    statuses,
    archived: archivedAt !== null,
    readable,
    source: { id: sourceId, name: sourceName(sourceId) },
  }
}

const fromNewer: Partial<Record<WireRelationKind, RelationKind>> = {
  replaces: 'replacedBy',
  complements: 'complementedBy',
  extends: 'extendedBy',
}

function toRelations(related: readonly RelatedCertificate[]): CertificateRelation[] {
  return related.flatMap(({ kind, direction, certificateId, at }) => {
    // Of a copy nothing is said in the original.
    const named = direction === 'older' ? kind : fromNewer[kind]
    return named === undefined
      ? []
      : [{ kind: named, certificateId, at: at?.toISOString() ?? null }]
  })
}

type EventDraft = Pick<CertificateEvent, 'kind' | 'certificateId' | 'recipient'> & {
  at: Date | null
}

function eventDrafts(
  certificate: StoredCertificate,
  related: readonly RelatedCertificate[],
  dispatches: readonly (CertificateDispatch & { recipient: string })[],
): EventDraft[] {
  const superseded = related.flatMap(({ kind, direction, certificateId, at }): EventDraft[] => {
    if (direction === 'older' || (kind !== 'replaces' && kind !== 'complements')) return []
    return [{ kind: kind === 'replaces' ? 'replaced' : 'complemented', at, certificateId }]
  })
  const sendings = dispatches.flatMap(({ recipient, deliveredAt, receivedAt }): EventDraft[] => [
    { kind: 'sent', at: deliveredAt ?? receivedAt, recipient },
    { kind: 'received', at: receivedAt, recipient },
  ])
  return [
    { kind: 'issued', at: certificate.issuedAt },
    { kind: 'sent', at: certificate.sentByCareAt },
    { kind: 'revoked', at: certificate.revokedAt },
    { kind: 'archived', at: certificate.archivedAt },
    { kind: 'restored', at: certificate.restoredAt },
    ...superseded,
    ...sendings,
  ]
}

function toEvents(drafts: readonly EventDraft[], language: Language): CertificateEvent[] {
  return drafts
    .flatMap(({ at, ...draft }) => (at === null ? [] : [{ ...draft, at }]))
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .map(({ at, ...draft }) => ({
      ...draft,
      at: at.toISOString(),
      text: eventText(draft.kind, language, draft.recipient),
    }))
}

const unreadable = {
  patient: { name: null, personalIdentityNumberMasked: null },
  issuer: { name: '', titles: [], specialities: [] },
  unit: {
    id: '',
    name: '',
    address: null,
    postalCode: null,
    city: null,
    telephone: null,
    email: null,
  },
  sections: [],
}

/** The whole certificate, as the patient reads it now. */
export function toCertificateView(
  certificate: WholeCertificate,
  found: { related: readonly RelatedCertificate[]; dispatches: readonly CertificateDispatch[] },
  options: ViewOptions & { directory: RecipientDirectory },
): Certificate {
  const { line, content } = certificate
  const { language, directory } = options
  const dispatches = found.dispatches.map((each) => ({
    ...each,
    recipient: directory.nameOf(each.recipientId),
  }))
  const actions = actionsOf(certificate, content.infectionControl)
  const { patient, issuer, unit, sections } = content.certificates?.[language] ?? unreadable
  return {
    ...toListItem(certificate, line, options),
    patient,
    issuer,
    unit,
    sections,
    relations: toRelations(found.related),
    events: toEvents(eventDrafts(certificate, found.related, dispatches), language),
    actions: {
      ...actions,
      send: directory.sendAction({ type: certificate.type, send: actions.send }),
    },
    language,
  }
}
