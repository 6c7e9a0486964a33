import { HideNotOfferedError, copyOf } from '@minaintyg/certificate-model'
import type { Certificate } from '@minaintyg/certificate-model'
import type { ReadPurpose } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { ErrorDefinition } from '@minaintyg/errors'
import { errors } from '../errors.ts'

const refusals: Record<string, ErrorDefinition> = {
  'certificate.revoked': errors.certificateRevoked,
  'certificate.replaced': errors.certificateReplaced,
  'certificate.complemented': errors.certificateComplemented,
  'certificate.unreadable': errors.certificateUnreadable,
}

/** The copy that the patient may have, by the certificate's own `actions`; refused where they do not offer it. */
export function permittedCopy(
  certificate: Certificate,
  purpose: Exclude<ReadPurpose, 'read'>,
  hide: 'diagnosis' | undefined,
): Certificate {
  const { allowed, reason = '' } = certificate.actions[purpose]
  if (!allowed) throw new AppError(refusals[reason] ?? errors.copyRefused)
  return copyWithout(certificate, hide)
}

export function copyWithout(certificate: Certificate, hide?: 'diagnosis'): Certificate {
  try {
    return copyOf(certificate, hide)
  } catch (error) {
    if (!(error instanceof HideNotOfferedError)) throw error
    throw new AppError(errors.hideNotOffered, {
      detail: 'Ask without hide. actions.hide of the certificate says what may be hidden.',
      cause: error,
    })
  }
}
