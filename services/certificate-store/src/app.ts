import { join } from 'node:path'
import { createKeyring, createKeyringWrapping, createMacKeys } from '@minaintyg/crypto'
import type { KeyWrapping } from '@minaintyg/crypto'
import { clientKeyOf, eventBusOf } from '@minaintyg/config'
import { audiences, innerTopology } from '@minaintyg/contracts'
import { createDatabase, databaseChecks } from '@minaintyg/db'
import { createOutboxRelay, useEventBus } from '@minaintyg/messaging'
import type { EventBus, OutboxRelay } from '@minaintyg/messaging'
import {
  createCredentials,
  createServer,
  createServiceClient,
  remoteAuthentication,
} from '@minaintyg/service'
import type { Authentication, Server, Service, Worker } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { DestinationStream } from 'pino'
import { accessLogRoutes } from './access-log/access-log-routes.ts'
import { createAccessLogSealer } from './access-log/access-log-sealer.ts'
import { createLogRefusals } from './access-log/refused-access.ts'
import { createArchiveCertificate } from './certificates/archive-certificate.ts'
import { certificateRoutes } from './certificates/certificate-routes.ts'
import { createListCertificates } from './certificates/list-certificates.ts'
import { createReadCertificate } from './certificates/read-certificate.ts'
import { createRecipientDirectory } from './certificates/recipient-directory.ts'
import { createRequireConsent } from './clients/consent-client.ts'
import type { RequireConsent } from './clients/consent-client.ts'
import { createFindPatient, createLookUpNumbers } from './clients/identity-client.ts'
import type { FindPatient, LookUpNumbers } from './clients/identity-client.ts'
import { recipientsOf } from './config.ts'
import type { CertificateStoreConfig } from './config.ts'
import type { Database } from './database.ts'
import {
  createDispatchFactConsumers,
  createDispatchFactHandlers,
} from './dispatches/dispatch-facts-consumer.ts'
import { copyRoutes } from './documents/copy-routes.ts'
import { documentRoutes } from './documents/document-routes.ts'
import { createHandOver } from './documents/hand-over-document.ts'
import {
  createConsentWithdrawnConsumer,
  createConsentWithdrawnHandler,
} from './erasures/consent-withdrawn-consumer.ts'
import { createCopies } from './copies/create-copies.ts'
import { createKeyRewrapping } from './copies/key-rewrapping.ts'
import { createEraseCopies } from './erasures/erase-copies.ts'
import { erasureRoutes } from './erasures/erasure-routes.ts'
import { createPush } from './push/create-push.ts'
import type { PushListener } from './push/push-listener.ts'
import { createRetention } from './retention.ts'
import { loadCatalogue } from './structure/catalogue.ts'
import { createVerifications } from './verifications/create-verifications.ts'
import { verificationRoutes } from './verifications/verification-routes.ts'

export { CertificateStoreConfig } from './config.ts'
export { errors as certificateStoreErrors } from './errors.ts'

const migrations = join(import.meta.dirname, '../migrations')

export interface CertificateStoreDeps {
  now?: () => Date
  authentication?: Authentication
  requireConsent?: RequireConsent
  lookUpNumbers?: LookUpNumbers
  findPatient?: FindPatient
  /** Where a key management service wraps patients' keys; MASTER_KEYS do where left out. */
  keyWrapping?: KeyWrapping
  /** Connected by AMQP_URL or EVENT_BUS_DATABASE_URL where left out. */
  bus?: EventBus
  logDestination?: DestinationStream
}

export interface CertificateStoreService extends Service {
  readonly relay: OutboxRelay
  /** Where journals may push. */
  readonly push: PushListener | undefined
}

/** Consent and identity, each called as this service itself. */
function createNeighbours(config: CertificateStoreConfig, app: Server) {
  const credentials = createCredentials({
    identityUrl: config.IDENTITY_URL,
    issuer: config.ISSUER_URL,
    clientId: 'certificate-store',
    clientKey: clientKeyOf(config),
  })
  const consent = createServiceClient({ name: 'consent', baseUrl: config.CONSENT_URL })
  const identity = createServiceClient({ name: 'identity', baseUrl: config.IDENTITY_URL })
  app.addHook('onClose', async () => {
    await Promise.all([credentials.close(), consent.close(), identity.close()])
  })
  return {
    requireConsent: createRequireConsent({ client: consent, credentials }),
    lookUpNumbers: createLookUpNumbers({ client: identity, credentials }),
    findPatient: createFindPatient({ client: identity, credentials }),
  }
}

/** What goes on by itself, with what is stored. */
function createKeepers(
  { ACCESS_LOG_KEYS }: CertificateStoreConfig,
  deps: { db: Kysely<Database>; app: Server; now: () => Date; wrapping: KeyWrapping },
): Worker[] {
  const { db, app, now, wrapping } = deps
  const keys = createMacKeys(ACCESS_LOG_KEYS)
  return [
    createAccessLogSealer({ db, keys, log: app.log }),
    createRetention({ db, now, log: app.log }),
    createKeyRewrapping({ db, wrapping, log: app.log }),
  ]
}

export async function buildCertificateStoreService(
  config: CertificateStoreConfig,
  deps: CertificateStoreDeps = {},
): Promise<CertificateStoreService> {
  const { now = () => new Date(), logDestination } = deps
  // A fault in an operator’s texts or recipients ends it here, before anything is connected.
  const directory = createRecipientDirectory(recipientsOf(config))
  const catalogue = loadCatalogue({ texts: config.CERTIFICATE_TEXTS_DIR })
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 10 })
  const app = await createServer({
    name: 'certificate-store',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.certificateStore),
    ...(logDestination === undefined ? {} : { logDestination }),
  })
  app.readiness.add(databaseChecks({ db, url: config.DATABASE_URL, migrations }))
  app.addHook('onClose', () => db.destroy())
  const bus =
    deps.bus ??
    useEventBus(app, { ...eventBusOf(config), name: 'certificate-store', topology: innerTopology })
  const neighbours = createNeighbours(config, app)
  const { requireConsent = neighbours.requireConsent, lookUpNumbers = neighbours.lookUpNumbers } =
    deps

  const wrapping = deps.keyWrapping ?? createKeyringWrapping(createKeyring(config.MASTER_KEYS))
  const copies = createCopies(config, {
    db,
    app,
    now,
    catalogue,
    wrapping,
    requireConsent,
    lookUpNumbers,
  })
  const logRefusals = createLogRefusals(copies.accessLog, app.log)
  const shared = { ...copies, db, catalogue, directory, requireConsent, logRefusals, now }
  const eraseCopies = createEraseCopies(copies)
  const reading = createReadCertificate(shared)
  await app.register(
    certificateRoutes({
      listCertificates: createListCertificates(shared),
      archiveCertificate: createArchiveCertificate(shared),
      ...reading,
    }),
  )
  const { markCopy, verifyCopy } = createVerifications(config, shared)
  await app.register(copyRoutes({ ...copies, ...reading, markCopy }))
  await app.register(verificationRoutes({ verifyCopy }))
  await app.register(documentRoutes(createHandOver(shared)))
  await app.register(accessLogRoutes({ ...copies, directory }))
  await app.register(
    erasureRoutes({
      erasePatient: (patientId, actor) =>
        db.transaction().execute((tx) => eraseCopies(tx, patientId, actor)),
    }),
  )

  const { findPatient = neighbours.findPatient } = deps
  const push = await createPush(config, { ...shared, findPatient, log: app.log })
  const relay = createOutboxRelay<Database>({
    db,
    url: config.DATABASE_URL,
    bus,
    logger: app.log,
    now,
  })
  const workers = [
    relay,
    ...createKeepers(config, { db, app, now, wrapping }),
    createConsentWithdrawnConsumer(bus, createConsentWithdrawnHandler({ db, eraseCopies, now })),
    ...createDispatchFactConsumers(bus, createDispatchFactHandlers(db)),
    ...(push === undefined ? [] : [push]),
  ]
  return { app, workers, relay, push }
}
