import Type from 'typebox'
import type { Static } from 'typebox'
import { certificateCategories } from '../type-rules.ts'

const oneOf = <const T extends string>(words: readonly T[]) => Type.Enum([...words])

export const recipientKinds = ['authority', 'insurer', 'employer'] as const

/**
 * What a recipient may be handed of a certificate: the journal's own bytes, and besides them the structured certificate
 * or a PDF of it; or in their place who, when and how much, which is all that an employer gets.
 */
export const projections = ['original', 'structured', 'pdf', 'employment'] as const
export type Projection = (typeof projections)[number]

const Accepts = Type.Object(
  {
    categories: Type.Optional(
      Type.Array(oneOf(certificateCategories), { minItems: 1, uniqueItems: true }),
    ),
    types: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Certificates that it takes; of an authority the rules of the types say it',
  },
)

const Retention = Type.Object(
  {
    days: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Left out where a law says more' }),
    ),
    basis: Type.String({ minLength: 1, description: 'The agreement or the law that says so' }),
  },
  { additionalProperties: false },
)

/** Someone who takes certificates; an item of RECIPIENTS. */
export const Recipient = Type.Object(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,50}$',
      description: 'Of an authority its code in KV_PART',
    }),
    name: Type.String({ minLength: 1, description: 'For patients' }),
    kind: oneOf(recipientKinds),
    channel: Type.Union([Type.Literal('event'), Type.Literal('none')], {
      description: 'How it is told of a dispatch; `none`: nothing is sent to it electronically',
    }),
    clientId: Type.Optional(
      Type.String({ minLength: 1, description: 'OAuth client that it is; with the channel event' }),
    ),
    brokerUser: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Its user at the broker: receipts that another published are refused',
      }),
    ),
    accepts: Type.Optional(Accepts),
    projections: Type.Array(oneOf(projections), { minItems: 1, uniqueItems: true }),
    retention: Retention,
  },
  { additionalProperties: false },
)
export type Recipient = Static<typeof Recipient>
export const RecipientList = Type.Array(Recipient, { minItems: 1 })
