import Type from 'typebox'
import type { Static } from 'typebox'
import { AnswerValue } from './values.ts'

const NullableString = Type.Union([Type.String(), Type.Null()])
const DateTime = Type.String({ format: 'date-time', description: 'UTC, RFC 3339' })

export const CertificateType = Type.Object({
  code: Type.String({ description: 'As on the wire, in upper case: LISJP, AG7804, TSTRK1007 …' }),
  version: Type.String(),
  name: Type.String({ description: 'For people, in the language asked for' }),
})

const Period = Type.Object({
  from: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
  to: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
})

export const CertificateStatus = Type.Union([
  Type.Literal('new'),
  Type.Literal('sent'),
  Type.Literal('notSent'),
  Type.Literal('replaced'),
  Type.Literal('revoked'),
])
export type CertificateStatus = Static<typeof CertificateStatus>

/** One line of the patient's list. */
export const CertificateListItem = Type.Object({
  id: Type.String({ format: 'uuid', description: 'This service’s own id' }),
  type: CertificateType,
  issuedAt: Type.Union([DateTime, Type.Null()]),
  issuer: Type.Object({ name: Type.String() }),
  unit: Type.Object({ id: Type.String(), name: Type.String() }),
  careProvider: Type.Object({ id: Type.String(), name: Type.String() }),
  period: Type.Union([Period, Type.Null()]),
  summary: Type.Union([Type.Object({ label: Type.String(), value: Type.String() }), Type.Null()]),
  statuses: Type.Array(CertificateStatus),
  archived: Type.Boolean(),
  readable: Type.Boolean({
    description: 'false: the journal sent it in a form that could not be shown',
  }),
  source: Type.Object({ id: Type.String(), name: Type.String() }),
})
export type CertificateListItem = Static<typeof CertificateListItem>

export const RelationKind = Type.Union([
  Type.Literal('replaces'),
  Type.Literal('replacedBy'),
  Type.Literal('complements'),
  Type.Literal('complementedBy'),
  Type.Literal('extends'),
  Type.Literal('extendedBy'),
  Type.Literal('copyOf'),
])
export type RelationKind = Static<typeof RelationKind>

export const CertificateRelation = Type.Object({
  kind: RelationKind,
  certificateId: Type.String({ format: 'uuid' }),
  at: Type.Union([DateTime, Type.Null()]),
})
export type CertificateRelation = Static<typeof CertificateRelation>

export const CertificateEvent = Type.Object({
  kind: Type.Union([
    Type.Literal('issued'),
    Type.Literal('sent'),
    Type.Literal('received'),
    Type.Literal('replaced'),
    Type.Literal('complemented'),
    Type.Literal('archived'),
    Type.Literal('restored'),
    Type.Literal('revoked'),
  ]),
  at: DateTime,
  text: Type.String(),
  certificateId: Type.Optional(Type.String({ format: 'uuid' })),
  recipient: Type.Optional(Type.String()),
})
export type CertificateEvent = Static<typeof CertificateEvent>

const Allowed = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Stable code, where not allowed' })),
})

/** What may be done with a certificate, and why not; the server enforces the same rule. */
export const CertificateActions = Type.Object({
  read: Allowed,
  save: Allowed,
  print: Allowed,
  send: Type.Object({
    ...Allowed.properties,
    recipients: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  }),
  hide: Type.Array(Type.Literal('diagnosis'), {
    description: 'What the patient may leave out of a saved or printed copy',
  }),
})
export type CertificateActions = Static<typeof CertificateActions>

/** What the patient may want to do next, in the order in which to show it. */
export const NextStep = Type.Object({
  id: Type.String({ description: 'Stable, for pictures and links' }),
  title: Type.String(),
  text: Type.String({ description: 'A sentence or two, in the language of the certificate' }),
  action: Type.Union(
    [
      Type.Literal('send'),
      Type.Literal('follow'),
      Type.Literal('copy'),
      Type.Literal('open'),
      Type.Literal('guide'),
      Type.Null(),
    ],
    {
      description:
        'What of this API does it: sending it, looking at its dispatches, saving or printing it, opening `certificateId`, the guide of a sick leave. null: nothing here does',
    },
  ),
  certificateId: Type.Optional(
    Type.String({ format: 'uuid', description: 'The certificate to open' }),
  ),
})
export type NextStep = Static<typeof NextStep>

export const CertificateItem = Type.Object({
  id: Type.String({ description: 'Question id of the form, as on the wire' }),
  label: Type.String(),
  value: AnswerValue,
})
export type CertificateItem = Static<typeof CertificateItem>

export const CertificateSection = Type.Object({
  id: Type.String(),
  heading: Type.String(),
  items: Type.Array(CertificateItem),
})
export type CertificateSection = Static<typeof CertificateSection>

/** The whole certificate as a patient reads it. */
export const Certificate = Type.Object({
  ...CertificateListItem.properties,
  patient: Type.Object({
    name: NullableString,
    personalIdentityNumberMasked: NullableString,
  }),
  issuer: Type.Object({
    name: Type.String(),
    titles: Type.Array(Type.String()),
    specialities: Type.Array(Type.String()),
  }),
  unit: Type.Object({
    id: Type.String(),
    name: Type.String(),
    address: NullableString,
    postalCode: NullableString,
    city: NullableString,
    telephone: NullableString,
    email: NullableString,
  }),
  sections: Type.Array(CertificateSection),
  relations: Type.Array(CertificateRelation),
  events: Type.Array(CertificateEvent, { description: 'Newest first' }),
  actions: CertificateActions,
  nextSteps: Type.Optional(
    Type.Array(NextStep, {
      description: 'For the patient who reads it; in no copy and not for recipients',
    }),
  ),
  adapted: Type.Optional(
    Type.Array(Type.Literal('diagnosis'), {
      description: 'Only in a copy: what the patient left out of it',
    }),
  ),
  language: Type.String({ description: 'Language of labels and headings: sv or en' }),
})
export type Certificate = Static<typeof Certificate>
