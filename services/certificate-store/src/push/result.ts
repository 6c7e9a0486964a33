export type ErrorId = 'VALIDATION_ERROR' | 'APPLICATION_ERROR' | 'TECHNICAL_ERROR'

/** What a caller is told. `reason` stays in the log: stable words, nothing of the message. */
export interface Result {
  code: 'OK' | 'INFO' | 'ERROR'
  text?: string
  errorId?: ErrorId
  reason: string
}

const error = (errorId: ErrorId, text: string, reason: string): Result => ({
  code: 'ERROR',
  text,
  errorId,
  reason,
})

export const results = {
  registered: { code: 'OK', reason: 'registered' },
  revoked: { code: 'OK', reason: 'revoked' },
  alreadyExists: { code: 'INFO', text: 'Certificate already exists', reason: 'already-exists' },
  alreadyRevoked: {
    code: 'INFO',
    text: 'Certificate is already revoked',
    reason: 'already-revoked',
  },
  againstContract: (faults: readonly string[]) =>
    error('VALIDATION_ERROR', faults.join('; '), 'against-contract'),
  anotherPatients: error('VALIDATION_ERROR', 'Certificate already exists', 'id-of-another-patient'),
  neverShown: error(
    'APPLICATION_ERROR',
    'Certificates of this type are not shown to patients and are not taken in',
    'type-never-shown',
  ),
  // The same for somebody who has never been here: whether that is so is nobody's business.
  noConsent: error(
    'APPLICATION_ERROR',
    'The patient has not given consent to Mina intyg; nothing was stored',
    'no-consent',
  ),
  unknownCertificate: error('APPLICATION_ERROR', 'Unknown certificate ID', 'unknown-certificate'),
  failed: (reason: string) =>
    error('TECHNICAL_ERROR', 'The call could not be carried out now; send it again later', reason),
} as const satisfies Record<string, Result | ((...args: never[]) => Result)>
