import Type from 'typebox'
import type { Static } from 'typebox'
import {
  Certificate,
  CertificateActions,
  CertificateListItem,
  CertificateType,
} from '@minaintyg/certificate-model'
import { DateTime } from './event.ts'

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const stringOrMany = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 })

/** GET /certificates (patient). Filters repeat: OR within one, AND between them. */
export const ListCertificates = Type.Object(
  {
    type: Type.Optional(stringOrMany),
    unit: Type.Optional(stringOrMany),
    year: Type.Optional(stringOrMany),
    status: Type.Optional(stringOrMany),
    archived: Type.Optional(Type.Boolean({ default: false })),
    sort: Type.Optional(Type.Union([Type.Literal('-issuedAt'), Type.Literal('issuedAt')])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type ListCertificates = Static<typeof ListCertificates>

const Facet = Type.Array(
  Type.Object({ value: Type.String(), name: Type.String(), count: Type.Integer() }),
)

export const CertificateSource = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.Union([Type.Literal('ok'), Type.Literal('stale'), Type.Literal('unavailable')]),
  fetchedAt: Nullable(DateTime),
})
export type CertificateSource = Static<typeof CertificateSource>

export const CertificateList = Type.Object({
  items: Type.Array(CertificateListItem),
  facets: Type.Object({ types: Facet, units: Facet, years: Facet, statuses: Facet }),
  sources: Type.Array(CertificateSource, {
    description: 'Where the list comes from, and how complete it is',
  }),
  total: Type.Integer({ description: 'How many match the filters, on all pages' }),
  nextCursor: Nullable(Type.String()),
})
export type CertificateList = Static<typeof CertificateList>

/** GET /certificates/{id}?purpose= (patient): the purpose is what the access log will say. */
export const ReadPurpose = Type.Union([
  Type.Literal('read'),
  Type.Literal('save'),
  Type.Literal('print'),
])
export type ReadPurpose = Static<typeof ReadPurpose>
export { Certificate as CertificateView }

const DocumentFacts = Type.Object({
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size: Type.Integer({ minimum: 0 }),
})

/**
 * GET /certificates/{id}/send-facts (patient, through dispatch): what dispatch must know to send it. `document` is the
 * original, `employmentCopy` what an employer would get in its place. With `purpose=recipients` nothing is about to be
 * sent: the patient only sees where it can go, and the access log says that.
 */
export const SendFactsQuery = Type.Object(
  { purpose: Type.Optional(Type.Union([Type.Literal('send'), Type.Literal('recipients')])) },
  { additionalProperties: false },
)
export type SendPurpose = NonNullable<Static<typeof SendFactsQuery>['purpose']>

export const SendFacts = Type.Object({
  id: Type.String({ format: 'uuid' }),
  type: CertificateType,
  send: CertificateActions.properties.send,
  document: DocumentFacts,
  employmentCopy: Type.Optional(DocumentFacts),
})
export type SendFacts = Static<typeof SendFacts>

/**
 * GET /patients/{patientId}/certificates/{id}/document?recipient=&dispatch= (scope documents:read).
 * `Accept: application/xml` gives the original bytes, `application/json` {@link Certificate}; with
 * `projection=employment` {@link EmploymentCopy} and nothing else.
 */
export const DocumentQuery = Type.Object(
  {
    recipient: Type.String({ maxLength: 50 }),
    dispatch: Type.String({ format: 'uuid' }),
    projection: Type.Optional(Type.Literal('employment')),
  },
  { additionalProperties: false },
)

/** POST /erasures (patient): the copies and their key are destroyed; the same again gives 0. */
export const Erasure = Type.Object({ certificates: Type.Integer() })
export type Erasure = Static<typeof Erasure>

/** Where a paper that cannot be told of comes from is not told either: unknown and withdrawn are the same. */
const NotVerified = Type.Object({ genuine: Type.Literal(false) }, { additionalProperties: false })

/** What a copy on paper may tell whoever holds it, and nothing more. */
const verified = {
  genuine: Type.Literal(true),
  issuedAt: Nullable(DateTime),
  unit: Type.Object({ name: Type.String() }, { additionalProperties: false }),
  status: Type.Union([Type.Literal('valid'), Type.Literal('replaced'), Type.Literal('revoked')], {
    description: '`replaced` also where a newer certificate complements it',
  }),
  adapted: Type.Boolean({ description: 'The patient had the diagnosis left out of the copy' }),
}

/** POST /verifications (scope copies:verify): the id that stands on a copy, in the body so that no log has it. */
export const VerifyCopy = Type.Object(
  { id: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
)

const Names = Type.Object({ sv: Type.String(), en: Type.String() }, { additionalProperties: false })
export const CopyVerification = Type.Union([
  Type.Object(
    {
      ...verified,
      type: Type.Object({ code: Type.String(), name: Names }, { additionalProperties: false }),
    },
    { additionalProperties: false },
  ),
  NotVerified,
])
export type CopyVerification = Static<typeof CopyVerification>

/** GET /verify/{id} of the public API: the same, in the language of whoever asks. */
export const Verification = Type.Union([
  Type.Object(
    {
      ...verified,
      type: Type.Object(
        { code: Type.String(), name: Type.String() },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
  NotVerified,
])
export type Verification = Static<typeof Verification>

/** GET /access-log?cursor=&limit= (patient) */
export const AccessLogEntry = Type.Object({
  at: DateTime,
  action: Type.Union([
    Type.Literal('list'),
    Type.Literal('read'),
    Type.Literal('save'),
    Type.Literal('print'),
    Type.Literal('recipients'),
    Type.Literal('send'),
    Type.Literal('handOver'),
    Type.Literal('verify'),
    Type.Literal('archive'),
    Type.Literal('restore'),
    Type.Literal('erase'),
    Type.Literal('fetch'),
    Type.Literal('receive'),
    Type.Literal('revoke'),
  ]),
  outcome: Type.Union([Type.Literal('allowed'), Type.Literal('refused')]),
  actor: Type.Object({
    kind: Type.Union(
      [
        Type.Literal('patient'),
        Type.Literal('recipient'),
        Type.Literal('holder'),
        Type.Literal('system'),
      ],
      { description: '`holder`: whoever has a copy on paper' },
    ),
    name: Type.String(),
  }),
  certificateId: Nullable(Type.String({ format: 'uuid' })),
  text: Type.String({ description: 'One sentence for the patient' }),
})
export type AccessLogEntry = Static<typeof AccessLogEntry>

export const AccessLog = Type.Object({
  items: Type.Array(AccessLogEntry),
  nextCursor: Nullable(Type.String()),
})
export type AccessLog = Static<typeof AccessLog>
