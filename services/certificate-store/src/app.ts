import { createKeyring } from '@minaintyg/crypto'
import { clientKeyOf, eventBusUrl } from '@minaintyg/config'
import { audiences, innerTopology } from '@minaintyg/contracts'
import { createDatabase, ping } from '@minaintyg/db'
import { connectEventBus, createOutboxRelay } from '@minaintyg/messaging'
import type { EventBus, OutboxRelay } from '@minaintyg/messaging'
import {
  createCredentials,
  createServer,
  createServiceClient,
  remoteAuthentication,
} from '@minaintyg/service'
import type { Authentication, Server, Service } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { DestinationStream } from 'pino'
import { createAccessLog } from './access-log/access-log-repository.ts'
import { accessLogRoutes } from './access-log/access-log-routes.ts'
import { createArchiveCertificate } from './certificates/archive-certificate.ts'
import { createCertificateRepository } from './certificates/certificate-repository.ts'
import { certificateRoutes } from './certificates/certificate-routes.ts'
import { createListCertificates } from './certificates/list-certificates.ts'
import { createFindRelated } from './certificates/related-certificates.ts'
import { createReadCertificate } from './certificates/read-certificate.ts'
import { createRequireConsent } from './clients/consent-client.ts'
import type { RequireConsent } from './clients/consent-client.ts'
import { createLookUpNumber } from './clients/identity-client.ts'
import type { LookUpNumber } from './clients/identity-client.ts'
import { journalsOf } from './config.ts'
import type { CertificateStoreConfig } from './config.ts'
import { catalogueRevision } from './copies/catalogue-revision.ts'
import { createCopyRepository } from './copies/copy-repository.ts'
import { createFreshCopies } from './copies/fresh-copies.ts'
import { createRefreshCopies } from './copies/refresh-copies.ts'
import { createPatientKeyRepository } from './copies/patient-key-repository.ts'
import { createStoreCopies } from './copies/store-copies.ts'
import type { Database } from './database.ts'
import {
  createDispatchFactConsumers,
  createDispatchFactHandlers,
} from './dispatches/dispatch-facts-consumer.ts'
import { createFindDispatches } from './dispatches/dispatch-fact-repository.ts'
import { documentRoutes } from './documents/document-routes.ts'
import { createHandOver } from './documents/hand-over-document.ts'
import {
  createConsentWithdrawnConsumer,
  createConsentWithdrawnHandler,
} from './erasures/consent-withdrawn-consumer.ts'
import { createEraseCopies } from './erasures/erase-copies.ts'
import { erasureRoutes } from './erasures/erasure-routes.ts'
import { createJournalClient } from './journals/journal-client.ts'

export { CertificateStoreConfig } from './config.ts'
export { errors as certificateStoreErrors } from './errors.ts'

export interface CertificateStoreDeps {
  now?: () => Date
  authentication?: Authentication
  requireConsent?: RequireConsent
  lookUpNumber?: LookUpNumber
  /** Connected by AMQP_URL or EVENT_BUS_DATABASE_URL where left out. */
  bus?: EventBus
  logDestination?: DestinationStream
}

export interface CertificateStoreService extends Service {
  readonly relay: OutboxRelay
}

async function connectBus(config: CertificateStoreConfig, app: Server): Promise<EventBus> {
  const bus = await connectEventBus({
    url: eventBusUrl(config),
    name: 'certificate-store',
    topology: innerTopology,
    logger: app.log,
  })
  app.addHook('onClose', () => bus.close())
  return bus
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
    lookUpNumber: createLookUpNumber({ client: identity, credentials }),
  }
}

/** What fetches, keeps and erases copies. */
function createCopies(
  config: CertificateStoreConfig,
  deps: {
    db: Kysely<Database>
    app: Server
    now: () => Date
    requireConsent: RequireConsent
    lookUpNumber: LookUpNumber
  },
) {
  const { db, app, now, requireConsent, lookUpNumber } = deps
  const journals = journalsOf(config).map((source) =>
    createJournalClient({ source, consumerHsaId: config.CONSUMER_HSA_ID }),
  )
  const accessLog = createAccessLog(db, now)
  const keys = createPatientKeyRepository(db, createKeyring(config.MASTER_KEYS))
  const copies = createCopyRepository(db)
  const revision = catalogueRevision()
  const storeCopies = createStoreCopies({ db, copies, keys, accessLog, revision, now })
  const refreshCopies = createRefreshCopies({
    keys,
    storeCopies,
    requireConsent,
    lookUpNumber,
    log: app.log,
  })
  const freshCopies = createFreshCopies({
    journals,
    copies,
    refreshCopies,
    requireConsent,
    freshness: config.FRESHNESS,
    now,
  })
  app.addHook('onClose', async () => {
    await refreshCopies.settle()
    await Promise.all(journals.map((journal) => journal.close()))
  })
  const names = new Map(journals.map(({ source: { id, name } }) => [id, name]))
  const sourceName = (id: string) => names.get(id) ?? id
  return {
    accessLog,
    freshCopies,
    sourceName,
    certificates: createCertificateRepository(db, keys),
    findRelated: createFindRelated(db),
    findDispatches: createFindDispatches(db),
  }
}

export async function buildCertificateStoreService(
  config: CertificateStoreConfig,
  deps: CertificateStoreDeps = {},
): Promise<CertificateStoreService> {
  const { now = () => new Date(), logDestination } = deps
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 10 })
  const app = await createServer({
    name: 'certificate-store',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.certificateStore),
    isReady: () => ping(db),
    ...(logDestination === undefined ? {} : { logDestination }),
  })
  app.addHook('onClose', () => db.destroy())
  const bus = deps.bus ?? (await connectBus(config, app))
  const neighbours = createNeighbours(config, app)
  const { requireConsent = neighbours.requireConsent, lookUpNumber = neighbours.lookUpNumber } =
    deps

  const copies = createCopies(config, { db, app, now, requireConsent, lookUpNumber })
  const shared = { ...copies, db, requireConsent, now }
  const eraseCopies = createEraseCopies(copies)
  await app.register(
    certificateRoutes({
      listCertificates: createListCertificates(shared),
      archiveCertificate: createArchiveCertificate(shared),
      ...createReadCertificate(shared),
    }),
  )
  await app.register(documentRoutes(createHandOver(shared)))
  await app.register(accessLogRoutes(copies))
  await app.register(
    erasureRoutes({
      erasePatient: (patientId, actor) =>
        db.transaction().execute((tx) => eraseCopies(tx, patientId, actor)),
    }),
  )

  const relay = createOutboxRelay<Database>({
    db,
    url: config.DATABASE_URL,
    bus,
    logger: app.log,
    now,
  })
  const workers = [
    relay,
    createConsentWithdrawnConsumer(bus, createConsentWithdrawnHandler({ db, eraseCopies })),
    ...createDispatchFactConsumers(bus, createDispatchFactHandlers(db)),
  ]
  return { app, workers, relay }
}
