import { sharedErrors } from '@minaintyg/contracts'
import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  certificateRevoked: sharedErrors.certificateRevoked,
  certificateReplaced: sharedErrors.certificateReplaced,
  certificateComplemented: sharedErrors.certificateComplemented,
  certificateUnreadable: sharedErrors.certificateUnreadable,
  hideNotOffered: {
    code: 'pdf.hide-not-offered',
    status: 400,
    title: 'The diagnosis cannot be hidden in a copy of this certificate',
  },
  copyRefused: {
    code: 'certificate.copy-refused',
    status: 409,
    title: 'The certificate can be neither saved nor printed',
  },
  proofInvalid: {
    code: 'consent-proof.invalid',
    status: 400,
    title: 'The proof of consent is another patient’s, or not the one that is signed',
  },
  overloaded: {
    code: 'pdf.overloaded',
    status: 503,
    title: 'Too many documents are being made just now',
  },
  failed: { code: 'pdf.failed', status: 503, title: 'The document could not be made' },
} as const satisfies Record<string, ErrorDefinition>
