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

export const Dispatch = Type.Object({
  id: Type.String({ format: 'uuid' }),
  certificate: Type.Object({ id: Type.String({ format: 'uuid' }), type: CertificateType }),
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
      Type.Integer({ minimum: 0, default: 0, description: 'Last sequence seen' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  },
  { additionalProperties: false },
)
export const RecipientFeed = Type.Object({
  items: Type.Array(Type.Unknown({ description: 'The events, as they were published' })),
  nextAfter: Type.Integer(),
})
