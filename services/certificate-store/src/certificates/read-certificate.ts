import type { Certificate, RefusalReason } from '@minaintyg/certificate-model'
import type { AccessLogEntry, ReadPurpose, SendFacts, SendPurpose } from '@minaintyg/contracts'
import { sha256Hex } from '@minaintyg/crypto'
import { AppError } from '@minaintyg/errors'
import type { Language } from '@minaintyg/service'
import type {
  AccessActor,
  AccessLog,
  LoggedCertificate,
} from '../access-log/access-log-repository.ts'
import type { LogRefusals } from '../access-log/refused-access.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { FreshCopies, Patience } from '../copies/fresh-copies.ts'
import { employmentBytes } from '../documents/employment-copy.ts'
import { errors, refusals } from '../errors.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import type { CertificateRepository, WholeCertificate } from './certificate-repository.ts'
import type { StoredCertificate } from './stored-certificate.ts'
import { actionsOf } from './certificate-status.ts'
import type { FindDispatches } from '../dispatches/dispatch-fact-repository.ts'
import { toCertificateView } from './certificate-view.ts'
import { nextStepsOf } from './next-steps.ts'
import type { RecipientDirectory } from './recipient-directory.ts'
import type { FindRelated } from './related-certificates.ts'

interface Deps {
  catalogue: Catalogue
  requireConsent: RequireConsent
  freshCopies: FreshCopies
  certificates: CertificateRepository
  accessLog: AccessLog
  logRefusals: LogRefusals
  findRelated: FindRelated
  findDispatches: FindDispatches
  directory: RecipientDirectory
  sourceName: (id: string) => string
  now: () => Date
}

interface Request {
  patientId: string
  id: string
  language: Language
  actor: AccessActor
}

/** As the access log names it. */
export const loggedCertificate = ({
  id,
  type,
  unitId,
  sourceId,
  line,
}: StoredCertificate & Pick<WholeCertificate, 'line'>): LoggedCertificate => ({
  id,
  typeCode: type.code,
  unitId,
  careProviderId: line.careProvider.id,
  sourceId,
})

export const revokedError = (revokedAt: Date): AppError =>
  new AppError(errors.certificateRevoked, {
    detail: 'The care unit has revoked it. Ask there if you need a new one.',
    extensions: { revokedAt: revokedAt.toISOString() },
  })

/** Of what an employer would get in place of the original. */
function employmentFacts({ id, content }: WholeCertificate, catalogue: Catalogue) {
  const certificate = content.certificates?.sv
  if (certificate === undefined) return {}
  const bytes = employmentBytes({ ...certificate, id }, catalogue)
  return { employmentCopy: { sha256: sha256Hex(bytes), size: bytes.length } }
}

/** Logs the access, and ends it where it is refused. */
async function admit(
  accessLog: AccessLog,
  { patientId, actor }: Request,
  certificate: WholeCertificate,
  { action, refusal }: { action: AccessLogEntry['action']; refusal: RefusalReason | undefined },
): Promise<void> {
  const { revokedAt } = certificate
  await accessLog.write({
    patientId,
    action,
    refusal: revokedAt === null ? refusal : errors.certificateRevoked.code,
    actor,
    certificate: loggedCertificate(certificate),
  })
  if (revokedAt !== null) throw revokedError(revokedAt)
  if (refusal !== undefined) throw new AppError(refusals[refusal])
}

/** Whether a copy may be made is one question for those who make one and those who only ask. */
function refusalOf(certificate: WholeCertificate, purpose: ReadPurpose) {
  const { allowed, reason } = actionsOf(certificate, certificate.content.infectionControl)[purpose]
  // One that cannot be read is told of as it is: that much the patient may see.
  return allowed || purpose === 'read' ? undefined : (reason as RefusalReason)
}

export function createReadCertificate(deps: Deps) {
  const { requireConsent, freshCopies, certificates, accessLog, sourceName } = deps

  const findOwn = (
    { patientId, id, actor }: Request,
    { action, patience }: { action: AccessLogEntry['action']; patience: Patience },
  ): Promise<WholeCertificate> =>
    deps.logRefusals({ patientId, action, actor, certificate: { id } }, async () => {
      await requireConsent(patientId, actor.trace)
      await freshCopies.ensure(patientId, patience)
      const certificate = await certificates.find(patientId, id)
      if (certificate === undefined) throw new AppError(errors.certificateNotFound)
      return certificate
    })

  return {
    /** The whole certificate, for reading, or for a copy where copies may be made. */
    async readCertificate(request: Request & { purpose: ReadPurpose }): Promise<Certificate> {
      const { patientId, id, language, purpose } = request
      const certificate = await findOwn(request, { action: purpose, patience: 'first' })
      const refusal = refusalOf(certificate, purpose)
      await admit(accessLog, request, certificate, { action: purpose, refusal })
      const [related, dispatches] = await Promise.all([
        deps.findRelated(patientId, id),
        deps.findDispatches(patientId, id),
      ])
      const view = toCertificateView(
        certificate,
        { related, dispatches },
        { language, now: deps.now(), sourceName, directory: deps.directory },
      )
      return purpose === 'read' ? { ...view, nextSteps: nextStepsOf(view, language) } : view
    },

    /** Ends as the making of a copy would, where that is refused; gives nothing out, so what is allowed is not logged. */
    async checkCopy(request: Request): Promise<void> {
      const action = 'save'
      const certificate = await findOwn(request, { action, patience: 'first' })
      const refusal = refusalOf(certificate, action)
      if (certificate.revokedAt === null && refusal === undefined) return
      await admit(accessLog, request, certificate, { action, refusal })
    },

    /** What must be known to send it; the journal is asked first whether it still stands. */
    async readSendFacts(request: Request & { purpose: SendPurpose }): Promise<SendFacts> {
      const action = request.purpose
      const certificate = await findOwn(request, { action, patience: 'all' })
      const { document, type, line, content } = certificate
      const refusal = document === null ? 'certificate.unreadable' : undefined
      await admit(accessLog, request, certificate, { action, refusal })
      if (document === null) throw new AppError(errors.certificateUnreadable)
      return {
        id: certificate.id,
        type: { ...type, name: line.typeName[request.language] },
        send: actionsOf(certificate, content.infectionControl).send,
        document,
        ...employmentFacts(certificate, deps.catalogue),
      }
    },
  }
}
export type ReadCertificate = ReturnType<typeof createReadCertificate>
