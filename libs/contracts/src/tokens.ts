/** Audiences of access tokens: one for each service. */
export const audiences = {
  identity: 'identity',
  consent: 'consent',
  certificateStore: 'certificate-store',
  rendering: 'rendering',
  dispatch: 'dispatch',
} as const
export type Audience = (typeof audiences)[keyof typeof audiences]

/** Scopes of access tokens. `patient` is never given to a client of its own accord. */
export const scopes = {
  /** The subject is a patient, logged in. */
  patient: 'patient',
  /** Begin and end log-ins and sessions, and get patients' tokens for them: the gateway. */
  sessions: 'sessions',
  /** Exchange a patient's token for one with another audience. */
  exchange: 'token-exchange',
  /** Learn a patient's personal identity number: certificate-store alone, to ask journals. */
  personNumber: 'person-number:read',
  /** Find the patient whose number it is: certificate-store alone, for what journals push. */
  findPatient: 'patients:find',
  /** Ask whether a patient has given consent. */
  consentState: 'consent-state:read',
  /** Hand a dispatch's document over: dispatch alone. */
  documents: 'documents:read',
  /** Tell whether a copy on paper is genuine: the gateway alone, for whoever holds one. */
  verify: 'copies:verify',
  /** Have a certificate rendered that the caller holds: dispatch alone. */
  render: 'render',
  /** A recipient of certificates: events' documents, the pull feed and receipts. */
  recipient: 'recipient',
} as const
export type Scope = (typeof scopes)[keyof typeof scopes]
