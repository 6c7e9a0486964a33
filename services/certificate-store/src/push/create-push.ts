import { X509Certificate } from 'node:crypto'
import type { Logger } from '@minaintyg/messaging'
import { watchExpiry } from '@minaintyg/service'
import type { JournalSource } from '../journals/journal-source.ts'
import { loadFullValidation } from './full-validation.ts'
import { pushSettingsOf } from './push-config.ts'
import type { PushVariables } from './push-config.ts'
import { createPushListener } from './push-listener.ts'
import type { PushListener } from './push-listener.ts'
import { createReceivePush } from './receive-push.ts'
import { createRegisterCertificate } from './register-certificate.ts'
import { createRevokeCertificate } from './revoke-certificate.ts'

type Deps = Omit<Parameters<typeof createRegisterCertificate>[0], 'grace'> &
  Parameters<typeof createRevokeCertificate>[0] & {
    journals: readonly JournalSource[]
    log: Logger
  }

/** What takes pushes, where configuration says that journals may. @throws {ConfigError} where it says so in part */
export async function createPush(
  variables: PushVariables,
  { journals, log, ...deps }: Deps,
): Promise<PushListener | undefined> {
  const settings = pushSettingsOf(variables, journals)
  if (settings === undefined) return undefined
  const { grace, logicalAddresses, tls } = settings
  if (tls !== undefined) {
    const until = new Date(new X509Certificate(tls.cert).validTo)
    watchExpiry('push', () => until)
  }
  const { RIVTA_SCHEMA_DIR: schemas } = variables
  const receivePush = createReceivePush({
    logicalAddresses,
    registerCertificate: createRegisterCertificate({ ...deps, grace }),
    revokeCertificate: createRevokeCertificate(deps),
    fullValidation: schemas === undefined ? undefined : await loadFullValidation(schemas),
  })
  return createPushListener({ settings, receivePush, log })
}
