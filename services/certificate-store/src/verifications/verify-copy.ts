import type { CopyVerification } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { AccessActor, AccessLog } from '../access-log/access-log-repository.ts'
import type { LogRefusals } from '../access-log/refused-access.ts'
import type {
  CertificateRepository,
  WholeCertificate,
} from '../certificates/certificate-repository.ts'
import { loggedCertificate } from '../certificates/read-certificate.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { FreshCopies } from '../copies/fresh-copies.ts'
import { errors } from '../errors.ts'
import { readVerificationId } from './verification-id.ts'
import type { PaperCopy, VerificationRepository } from './verification-repository.ts'

interface Deps {
  requireConsent: RequireConsent
  freshCopies: Pick<FreshCopies, 'ensure'>
  certificates: Pick<CertificateRepository, 'find'>
  accessLog: Pick<AccessLog, 'write'>
  logRefusals: LogRefusals
  verifications: Pick<VerificationRepository, 'find'>
}

const action = 'verify'
/** What was withdrawn, erased or taken away by the journal looks like what never was. */
const unknown = { genuine: false } as const
const untold = new Set<string>([errors.consentRequired.code, errors.certificateNotFound.code])

function statusOf({ revokedAt, replaced, complemented }: WholeCertificate) {
  if (revokedAt !== null) return 'revoked'
  return replaced || complemented ? 'replaced' : 'valid'
}

const toVerification = (
  certificate: WholeCertificate,
  { adapted }: PaperCopy,
): CopyVerification => ({
  genuine: true,
  type: { code: certificate.type.code, name: certificate.line.typeName },
  issuedAt: certificate.issuedAt?.toISOString() ?? null,
  unit: { name: certificate.line.unit.name },
  status: statusOf(certificate),
  adapted,
})

/** Tells whoever holds a copy on paper whether it is genuine and still stands, and nothing of patient or content. */
export function createVerifyCopy(deps: Deps) {
  async function findStanding({ patientId, certificateId: id }: PaperCopy, actor: AccessActor) {
    const attempt = { patientId, action, actor, certificate: { id } } as const
    return deps.logRefusals(attempt, async () => {
      await deps.requireConsent(patientId, actor.trace)
      // «Still valid» is of now: the journals are asked where what they said is not fresh.
      await deps.freshCopies.ensure(patientId, 'all')
      const certificate = await deps.certificates.find(patientId, id)
      if (certificate === undefined) throw new AppError(errors.certificateNotFound)
      return certificate
    })
  }

  return async (typed: string, actor: AccessActor): Promise<CopyVerification> => {
    const id = readVerificationId(typed)
    const copy = id === undefined ? undefined : await deps.verifications.find(id)
    if (copy === undefined) return unknown
    try {
      const certificate = await findStanding(copy, actor)
      const { patientId } = copy
      await deps.accessLog.write({
        patientId,
        action,
        actor,
        certificate: loggedCertificate(certificate),
      })
      return toVerification(certificate, copy)
    } catch (error) {
      if (error instanceof AppError && untold.has(error.code)) return unknown
      throw error
    }
  }
}
export type VerifyCopy = ReturnType<typeof createVerifyCopy>
