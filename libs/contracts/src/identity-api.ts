import Type from 'typebox'
import type { Static } from 'typebox'
import { DateTime, PatientId } from './event.ts'

const closed = { additionalProperties: false } as const
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** POST /log-ins (scope sessions) → 201 {@link LogInStarted} */
export const StartLogIn = Type.Object(
  {
    returnTo: Type.String(),
    session: Type.Optional(
      Type.String({ description: 'The session cookie that the browser has: ended by the log-in' }),
    ),
  },
  closed,
)
export const LogInStarted = Type.Object({
  logInId: Type.String({ description: 'For the log-in cookie; single use, 10 minutes' }),
  authorizationUrl: Type.String(),
})

/** POST /log-ins/completions (scope sessions) → 201 {@link LogInCompleted}; faults are problems with a `login.…` code */
export const CompleteLogIn = Type.Object(
  {
    logInId: Type.String(),
    parameters: Type.String({ description: 'Query string of the callback' }),
  },
  closed,
)
export const LogInCompleted = Type.Object({
  session: Type.String({ description: '256 bits, base64url; for the session cookie' }),
  returnTo: Type.String(),
  absoluteExpiry: DateTime,
})

/** POST /session-tokens (scope sessions) → 201 {@link SessionToken}; 401 `session.expired` */
export const RequestSessionToken = Type.Object(
  { session: Type.String(), audience: Type.String() },
  closed,
)
export const SessionToken = Type.Object({
  accessToken: Type.String(),
  expiresAt: DateTime,
  patientId: PatientId,
})

/** POST /sessions/introspections, /sessions/extensions (scope sessions) → 200 {@link SessionState} */
export const SessionReference = Type.Object({ session: Type.String() }, closed)
export const SessionState = Type.Object({
  authenticated: Type.Boolean(),
  secondsUntilExpire: Nullable(Type.Integer({ description: 'Until the idle time runs out' })),
  absoluteExpiry: Nullable(DateTime),
})

/** POST /sessions/terminations (scope sessions) → 200 {@link SessionEnded}; the same when it was ended before */
export const SessionEnded = Type.Object({
  endSessionUrl: Nullable(Type.String({ description: 'Where to end the session at the OP' })),
})

/** GET /sessions (patient) → 200 {@link SessionList}: where this patient is logged in */
export const SessionListItem = Type.Object({
  id: Type.String({ format: 'uuid', description: 'Names the session and opens nothing' }),
  createdAt: DateTime,
  lastSeenAt: DateTime,
  current: Type.Boolean({ description: 'The one that this is asked in' }),
  loa: Type.String({ examples: ['http://id.elegnamnden.se/loa/1.0/loa3'] }),
})
export const SessionList = Type.Object({ items: Type.Array(SessionListItem) })
export type SessionList = Static<typeof SessionList>

/**
 * DELETE /sessions (patient) → 200 {@link SessionsEnded}: all but the current one.
 * DELETE /sessions/{id} (patient) → 204; 404 `session.not-found` for another's and for what has ended alike
 */
export const SessionsEnded = Type.Object({ ended: Type.Integer({ minimum: 0 }) })

/** POST /download-grants (scope sessions) → 201; POST /download-grants/redemptions → 200, once */
export const RequestDownloadGrant = Type.Object(
  {
    session: Type.String(),
    resource: Type.String({ description: 'Path and query that it opens, and no other' }),
  },
  closed,
)
export const DownloadGrant = Type.Object({ grant: Type.String(), expiresAt: DateTime })
export const RedeemDownloadGrant = Type.Object(
  { grant: Type.String(), audience: Type.String() },
  closed,
)
export const RedeemedDownloadGrant = Type.Object({
  ...SessionToken.properties,
  resource: Type.String(),
})

/** POST /token-exchanges (scope token-exchange; RFC 8693 in shape) → 201 {@link ExchangedToken} */
export const ExchangeToken = Type.Object(
  { subjectToken: Type.String(), audience: Type.String() },
  closed,
)
export const ExchangedToken = Type.Object({ accessToken: Type.String(), expiresAt: DateTime })

/** GET /me (patient) */
export const Person = Type.Object({
  name: Nullable(Type.String()),
  personalIdentityNumberMasked: Type.String({ examples: ['19121212-••••'] }),
  protectedIdentity: Type.Boolean(),
  loa: Type.String({ examples: ['http://id.elegnamnden.se/loa/1.0/loa3'] }),
})
export type Person = Static<typeof Person>

/** GET /patients/{patientId}/number (scope person-number:read): used for one call and not kept. */
export const PatientNumber = Type.Object({
  number: Type.String({ pattern: '^\\d{12}$' }),
  kind: Type.Union([Type.Literal('personalIdentityNumber'), Type.Literal('coordinationNumber')]),
  earlier: Type.Array(Type.String({ pattern: '^\\d{12}$' }), {
    description: 'Numbers that the person had before: journals may still know them by those',
  }),
})
export type PatientNumber = Static<typeof PatientNumber>

/**
 * POST /patient-searches (scope patients:find) → 200 {@link FoundPatient}: whose number it is, or null for somebody who
 * has never logged in. The number is in the body, never in an address.
 */
export const FindPatient = Type.Object({ number: Type.String({ pattern: '^\\d{12}$' }) }, closed)
export const FoundPatient = Type.Object({ patientId: Nullable(PatientId) })
export type FoundPatient = Static<typeof FoundPatient>
