import Type from 'typebox'
import type { Static } from 'typebox'
import { CertificateType } from '@minaintyg/certificate-model'
import { DateTime } from './event.ts'

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** GET /certificates/{id}/recipients (patient) */
export const CertificateRecipients = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      kind: Type.Optional(
        Type.Union([Type.Literal('authority'), Type.Literal('insurer'), Type.Literal('employer')]),
      ),
      receives: Type.Optional(
        Type.Union([Type.Literal('certificate'), Type.Literal('employmentCopy')], {
          description:
            '`employmentCopy`: name, period, degree, who issued it, where and when, and nothing about the illness',
        }),
      ),
      retentionDays: Type.Optional(
        Type.Integer({
          minimum: 1,
          description: 'How long the recipient has promised to keep it; left out where a law says',
        }),
      ),
      allowed: Type.Boolean(),
      reason: Type.Optional(Type.String({ description: 'Stable code, where not allowed' })),
      sent: Nullable(
        Type.Object({
          dispatchId: Type.String({ format: 'uuid' }),
          state: Type.String(),
          at: DateTime,
        }),
      ),
    }),
  ),
})
export type CertificateRecipients = Static<typeof CertificateRecipients>

/** POST /certificates/{id}/dispatches (patient), header `Idempotency-Key` → 202 {@link Dispatch} */
export const SendCertificate = Type.Object(
  { recipientId: Type.String({ minLength: 1, maxLength: 50 }) },
  { additionalProperties: false },
)

export const DispatchState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('delivered'),
  Type.Literal('received'),
  Type.Literal('accepted'),
  Type.Literal('rejected'),
  Type.Literal('completionRequested'),
  Type.Literal('cancelled'),
  Type.Literal('parked'),
  Type.Literal('revoked'),
])
export type DispatchState = Static<typeof DispatchState>

const { code, version, name } = CertificateType.properties
/** Once consent is withdrawn, `name` says no more than that it is a certificate. */
const DispatchedType = Type.Object(
  { code: Type.Optional(code), version: Type.Optional(version), name },
  {
    description:
      'After a withdrawal of consent nothing is kept of what was sent: `name` is then «Intyg» or “Certificate”, without `code` and `version`',
  },
)

export const Dispatch = Type.Object({
  id: Type.String({ format: 'uuid' }),
  certificate: Type.Object({ id: Type.String({ format: 'uuid' }), type: DispatchedType }),
  recipient: Type.Object({ id: Type.String(), name: Type.String() }),
  state: DispatchState,
  timeline: Type.Array(Type.Object({ state: DispatchState, at: DateTime, text: Type.String() }), {
    description: 'Oldest first; `text` is a sentence for the patient',
  }),
})
export type Dispatch = Static<typeof Dispatch>

/** GET /dispatches?cursor=&limit= (patient), newest first */
export const DispatchList = Type.Object({
  items: Type.Array(Dispatch),
  nextCursor: Nullable(Type.String()),
})
export type DispatchList = Static<typeof DispatchList>

/** POST /cancellations (patient): all that has not left is cancelled, what was not fetched is revoked */
export const Cancellation = Type.Object({ cancelledDispatches: Type.Integer() })

/** GET /recipient/dispatches?after=&limit= (scope recipient): the pull feed */
export const RecipientFeedQuery = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        // 1e999 is an integer too, and Postgres knows none such.
        maximum: Number.MAX_SAFE_INTEGER,
        minimum: 0,
        default: 0,
        description: 'Last sequence seen',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  },
  { additionalProperties: false },
)
export const RecipientFeed = Type.Object({
  items: Type.Array(Type.Unknown({ description: 'The events, as they were published' })),
  signatures: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description:
        'By event id: the detached JWS over the exact bytes that were published, which are the item without white space',
    }),
  ),
  nextAfter: Type.Integer(),
  completeAfter: Type.Optional(
    Type.Integer({
      description:
        'Events up to this sequence are kept no more (90 days); every one after it is there. A reader whose last sequence is lower has missed some: ask the operator',
    }),
  ),
})
