import type { Kysely } from 'kysely'
import type { AccessLog } from '../access-log/access-log-repository.ts'
import type { LogRefusals } from '../access-log/refused-access.ts'
import type { CertificateRepository } from '../certificates/certificate-repository.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { CertificateStoreConfig } from '../config.ts'
import type { FreshCopies } from '../copies/fresh-copies.ts'
import type { Database } from '../database.ts'
import type { Identifiers } from '../identifiers.ts'
import { createMarkCopy } from './mark-copy.ts'
import { createVerificationRepository } from './verification-repository.ts'
import { createVerifyCopy } from './verify-copy.ts'

interface Deps {
  db: Kysely<Database>
  requireConsent: RequireConsent
  freshCopies: FreshCopies
  certificates: CertificateRepository
  accessLog: AccessLog
  logRefusals: LogRefusals
  identifiers: Identifiers
  now: () => Date
}

/** What marks copies and knows them again; without VERIFICATION_URL neither is done. */
export function createVerifications(
  { VERIFICATION_URL: verificationUrl }: Pick<CertificateStoreConfig, 'VERIFICATION_URL'>,
  deps: Deps,
) {
  const verifications = createVerificationRepository(deps.db, deps.now)
  return {
    markCopy: createMarkCopy({ ...deps, verificationUrl, verifications }),
    verifyCopy:
      verificationUrl === undefined ? undefined : createVerifyCopy({ ...deps, verifications }),
  }
}
