import Type from 'typebox'
import type { Static } from 'typebox'
import { DateTime } from './event.ts'

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
})
export type Consent = Static<typeof Consent>

/** POST /consent (patient) → 201, or 200 when already given to that version */
export const GiveConsent = Type.Object(
  { textVersion: Type.String({ minLength: 1, maxLength: 50 }) },
  { additionalProperties: false },
)

/** DELETE /consent (patient) → 200, from every state; what else it set off is the gateway's to add */
export const ConsentWithdrawn = Type.Object({ withdrawnAt: DateTime })

/** GET /patients/{patientId}/consent-state (scope consent-state:read) */
export const ConsentState = Type.Object({ state: ConsentStateName })
export type ConsentState = Static<typeof ConsentState>
