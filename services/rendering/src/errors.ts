import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  hideNotOffered: {
    code: 'pdf.hide-not-offered',
    status: 400,
    title: 'The diagnosis cannot be hidden in a copy of this certificate',
  },
  certificateReplaced: {
    code: 'certificate.replaced',
    status: 409,
    title: 'The certificate has been replaced by another',
  },
  certificateComplemented: {
    code: 'certificate.complemented',
    status: 409,
    title: 'The certificate has been complemented by another',
  },
  certificateUnreadable: {
    code: 'certificate.unreadable',
    status: 409,
    title: 'The certificate cannot be shown',
  },
  copyRefused: {
    code: 'certificate.copy-refused',
    status: 409,
    title: 'The certificate can be neither saved nor printed',
  },
  certificateRevoked: {
    code: 'certificate.revoked',
    status: 410,
    title: 'The certificate has been revoked',
  },
  overloaded: {
    code: 'pdf.overloaded',
    status: 503,
    title: 'Too many documents are being made just now',
  },
  failed: { code: 'pdf.failed', status: 503, title: 'The document could not be made' },
} as const satisfies Record<string, ErrorDefinition>
