import { HideNotOfferedError, copyOf } from '@minaintyg/certificate-model'
import type { Certificate } from '@minaintyg/certificate-model'
import type { Identifiers } from '../identifiers.ts'
import type { VerificationRepository } from './verification-repository.ts'

interface Deps {
  /** The page of the public API; undefined where copies are not to be verified. */
  verificationUrl: string | undefined
  identifiers: Pick<Identifiers, 'verificationId'>
  verifications: Pick<VerificationRepository, 'insert'>
}

interface Copy {
  patientId: string
  certificate: Certificate
  hide: 'diagnosis' | undefined
}

/** Whether the copy will be without its diagnosis; undefined where there will be none. */
function isAdapted(certificate: Certificate, hide: Copy['hide']): boolean | undefined {
  try {
    return (copyOf(certificate, hide).adapted ?? []).length > 0
  } catch (error) {
    if (error instanceof HideNotOfferedError) return undefined
    throw error
  }
}

/**
 * What a copy on paper says of itself. It is known here before it is drawn: no paper has a mark that leads nowhere, so a
 * copy that cannot be noted is not made.
 */
export function createMarkCopy({ verificationUrl, identifiers, verifications }: Deps) {
  return async ({ patientId, certificate, hide }: Copy): Promise<{ url: string } | null> => {
    if (verificationUrl === undefined) return null
    const adapted = isAdapted(certificate, hide)
    if (adapted === undefined) return null
    const copy = { certificateId: certificate.id, adapted }
    const id = identifiers.verificationId(copy)
    await verifications.insert(id, { patientId, ...copy })
    return { url: `${verificationUrl}/${id}` }
  }
}
export type MarkCopy = ReturnType<typeof createMarkCopy>
