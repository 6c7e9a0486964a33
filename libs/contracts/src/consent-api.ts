import Type from 'typebox'
import type { Static } from 'typebox'
import { DateTime, PatientId } from './event.ts'

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const ConsentStateName = Type.Union([
  Type.Literal('none'),
  Type.Literal('given'),
  Type.Literal('withdrawn'),
])
export type ConsentStateName = Static<typeof ConsentStateName>

export const ConsentText = Type.Object({
  version: Type.String(),
  language: Type.Union([Type.Literal('sv'), Type.Literal('en')]),
  title: Type.String(),
  paragraphs: Type.Array(Type.String()),
})

/** GET /consent (patient) */
export const Consent = Type.Object({
  state: ConsentStateName,
  givenAt: Nullable(DateTime),
  withdrawnAt: Nullable(DateTime),
  acceptedVersion: Nullable(Type.String()),
  text: ConsentText,
  history: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('given'), Type.Literal('withdrawn')]),
      at: DateTime,
      textVersion: Type.String(),
      language: Type.String(),
    }),
    { description: 'Newest first' },
  ),
  erasure: Type.Optional(
    Type.Union(
      [
        Type.Object({
          finishedAt: Nullable(DateTime),
          parts: Type.Array(Type.Object({ part: Type.String(), doneAt: Nullable(DateTime) })),
        }),
        Type.Null(),
      ],
      {
        description:
          'What the last withdrawal set off, and when each part was done; null where nothing was ever withdrawn. Until then the copies cannot be read: the key to them is gone',
      },
    ),
  ),
})
export type Consent = Static<typeof Consent>

/** POST /consent (patient) → 201, or 200 when already given to that version */
export const GiveConsent = Type.Object(
  { textVersion: Type.String({ minLength: 1, maxLength: 50 }) },
  { additionalProperties: false },
)

/** DELETE /consent (patient) → 200, from every state; what else it set off is the gateway's to add */
export const ConsentWithdrawn = Type.Object({ withdrawnAt: DateTime })

/** What a patient has said, and to what; oldest first. */
export const ConsentProof = Type.Object({
  issuer: Type.String({ description: 'Base URL of the public API' }),
  issuedAt: DateTime,
  patientId: PatientId,
  statements: Type.Array(
    Type.Object({
      id: Type.String({ format: 'uuid' }),
      kind: Type.Union([Type.Literal('given'), Type.Literal('withdrawn')]),
      at: DateTime,
      textVersion: Type.String(),
      language: Type.Union([Type.Literal('sv'), Type.Literal('en')]),
      channel: Type.String({ description: 'OAuth client that it was said through' }),
      loa: Nullable(Type.String({ description: 'Level of assurance of the log-in' })),
      sessionId: Nullable(Type.String()),
    }),
  ),
  texts: Type.Array(ConsentText, { description: 'The wording of every text that was shown' }),
})
export type ConsentProof = Static<typeof ConsentProof>

/** GET /consent/proof (patient) */
export const SignedConsentProof = Type.Object({
  proof: ConsentProof,
  jws: Type.String({
    description:
      'The same as the payload of a compact JWS (EdDSA); its key is in /.well-known/consent-jwks.json',
  }),
})
export type SignedConsentProof = Static<typeof SignedConsentProof>

/** GET /patients/{patientId}/consent-state (scope consent-state:read) */
export const ConsentState = Type.Object({ state: ConsentStateName })
export type ConsentState = Static<typeof ConsentState>
