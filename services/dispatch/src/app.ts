import { join } from 'node:path'
import { clientKeyOf, eventBusOf } from '@minaintyg/config'
import { audiences, createTopology } from '@minaintyg/contracts'
import { databaseChecks } from '@minaintyg/db'
import { createOutboxRelay, useEventBus } from '@minaintyg/messaging'
import type { EventBus, OutboxRelay } from '@minaintyg/messaging'
import {
  createCredentials,
  createServer,
  createServiceClient,
  createSigner,
  keySetRoute,
  remoteAuthentication,
} from '@minaintyg/service'
import type { Authentication, Credentials, Server, Service } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import { createAudit } from './audit/audit.ts'
import { auditRefusedAccess } from './audit/refused-access.ts'
import { createCertificateStoreClient } from './clients/certificate-store-client.ts'
import { createConsentClient } from './clients/consent-client.ts'
import { createRenderingClient } from './clients/rendering-client.ts'
import { recipientsOf } from './config.ts'
import type { DispatchConfig } from './config.ts'
import { inTransaction, openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { measureOverdueReceipts, measureRecipientQueues } from './dispatch-metrics.ts'
import { createDispatchRepository } from './dispatches/dispatch-repository.ts'
import { dispatchRoutes } from './dispatches/dispatch-routes.ts'
import { toView } from './dispatches/dispatch-view.ts'
import { createEndDispatch } from './dispatches/end-dispatch.ts'
import { createIdempotencyRepository } from './dispatches/idempotency-repository.ts'
import {
  createCertificateReplacedConsumer,
  createCertificateRevokedConsumer,
  createConsentWithdrawnConsumer,
} from './dispatches/inner-event-consumers.ts'
import { createListRecipients } from './dispatches/list-recipients.ts'
import { createOverdueParking } from './dispatches/park-overdue.ts'
import { createReplaceCertificate } from './dispatches/replace-certificate.ts'
import { createSendCertificate } from './dispatches/send-certificate.ts'
import { createWithdrawDispatches } from './dispatches/withdraw-dispatches.ts'
import { createHandOverDocument } from './documents/hand-over-document.ts'
import { completeEvents } from './events/complete-events.ts'
import { createRecipientEventRepository } from './events/recipient-event-repository.ts'
import { createRecipientFeed } from './events/recipient-feed.ts'
import { createRelayHooks } from './events/relay-hooks.ts'
import { createReceiptConsumer } from './receipts/receipt-consumer.ts'
import { createReceiptRepository } from './receipts/receipt-repository.ts'
import { createRecordReceipt } from './receipts/record-receipt.ts'
import { createRecipients } from './recipients/recipient-model.ts'
import type { Recipients } from './recipients/recipient-model.ts'
import { recipientRoutes } from './recipients/recipient-routes.ts'
import { createRetention } from './retention.ts'

export { DispatchConfig } from './config.ts'
export { errors as dispatchErrors } from './errors.ts'

const migrations = join(import.meta.dirname, '../migrations')

export interface DispatchDeps {
  now?: () => Date
  authentication?: Authentication
  credentials?: Credentials
  /** Connected by AMQP_URL or EVENT_BUS_DATABASE_URL where left out. */
  bus?: EventBus
}
export interface DispatchService extends Service {
  readonly relay: OutboxRelay
  readonly overdueParking: { run(): Promise<void> }
  readonly retention: { run(): Promise<void> }
}

async function createApp(config: DispatchConfig, deps: DispatchDeps, db: Kysely<Database>) {
  const app = await createServer({
    name: 'dispatch',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.dispatch),
  })
  app.readiness.add(databaseChecks({ db, url: config.DATABASE_URL, migrations }))
  const audit = createAudit({ db, now: deps.now ?? (() => new Date()), log: app.log })
  auditRefusedAccess(app, audit)
  app.addHook('onClose', async () => {
    await audit.settle()
    await db.destroy()
  })
  return { app, audit }
}

function connectNeighbours(config: DispatchConfig, app: Server, given: Credentials | undefined) {
  const credentials =
    given ??
    createCredentials({
      identityUrl: config.IDENTITY_URL,
      issuer: config.ISSUER_URL,
      clientId: 'dispatch',
      clientKey: clientKeyOf(config),
    })
  const connect = (name: string, baseUrl: string, deadline: number) => {
    const client = createServiceClient({ name, baseUrl, deadline })
    app.addHook('onClose', () => client.close())
    return { client, credentials }
  }
  if (given === undefined) app.addHook('onClose', () => credentials.close())
  return {
    consent: createConsentClient(connect('consent', config.CONSENT_URL, 3_000)),
    certificateStore: createCertificateStoreClient(
      connect('certificate-store', config.CERTIFICATE_STORE_URL, 8_000),
    ),
    rendering: createRenderingClient(connect('rendering', config.RENDERING_URL, 12_000)),
  }
}

function createDomain(deps: { db: Kysely<Database>; publicUrl: string; now: () => Date }) {
  const { db, publicUrl, now } = deps
  const dispatches = createDispatchRepository(db)
  const events = createRecipientEventRepository(publicUrl)
  const feed = createRecipientFeed(db, now)
  const receipts = createReceiptRepository()
  const endDispatch = createEndDispatch({ dispatches, events })
  const withdraw = createWithdrawDispatches({ db, dispatches, endDispatch, now })
  const recordReceipt = createRecordReceipt({ dispatches, receipts, now })
  const replaceCertificate = createReplaceCertificate({ dispatches, events, endDispatch })
  return { dispatches, events, feed, endDispatch, withdraw, recordReceipt, replaceCertificate }
}

type Running = ReturnType<typeof createDomain> & {
  config: DispatchConfig
  db: Kysely<Database>
  bus: EventBus
  now: () => Date
  recipients: Recipients
  consent: ReturnType<typeof connectNeighbours>['consent']
  audit: ReturnType<typeof createAudit>
  signer: Awaited<ReturnType<typeof createSigner>>
  app: Server
}

/** What goes on behind the routes. */
function createWorkers(given: Running) {
  const { config, db, bus, feed, signer } = given
  const { log } = given.app
  const shared = { ...given, log, logger: log }
  const relay = createOutboxRelay<Database>({
    db,
    url: config.DATABASE_URL,
    bus,
    logger: log,
    now: given.now,
    ...createRelayHooks(given),
    beforePublish: completeEvents({ feed, signer }),
  })
  const consumers = [
    createReceiptConsumer(shared),
    createConsentWithdrawnConsumer(shared),
    createCertificateRevokedConsumer(shared),
    createCertificateReplacedConsumer(shared),
  ]
  const overdueParking = createOverdueParking(shared)
  const retention = createRetention(shared)
  const workers = [relay, overdueParking, retention, ...consumers]
  return { workers, relay, overdueParking, retention }
}

export async function buildDispatchService(
  config: DispatchConfig,
  deps: DispatchDeps = {},
): Promise<DispatchService> {
  const { now = () => new Date() } = deps
  const recipients = createRecipients(recipientsOf(config))
  const signer = await createSigner('EVENT_SIGNING_KEYS', config.EVENT_SIGNING_KEYS)
  const db = openDatabase(config.DATABASE_URL, 15)
  const { app, audit } = await createApp(config, deps, db)
  const bus =
    deps.bus ??
    useEventBus(app, {
      ...eventBusOf(config),
      name: 'dispatch',
      topology: createTopology(recipients.withChannel.map(({ id }) => id)),
    })
  const unmeasure = [
    measureOverdueReceipts(db, recipients.all),
    measureRecipientQueues(bus, recipients.withChannel),
  ]
  app.addHook('onClose', async () => {
    for (const end of unmeasure) end()
  })
  const { consent, certificateStore, rendering } = connectNeighbours(config, app, deps.credentials)

  const domain = createDomain({ db, publicUrl: config.PUBLIC_URL, now })
  const { dispatches, events, feed, endDispatch, withdraw, recordReceipt } = domain
  const view = toView(recipients)
  const neighbours = { recipients, consent, certificateStore }
  const keys = createIdempotencyRepository(db)
  const sending = { db, dispatches, events, endDispatch, keys, view, now }
  const handing = { dispatches, withdraw, consent, certificateStore, rendering, now }

  await app.register(
    dispatchRoutes({
      dispatches,
      view,
      withdraw,
      listRecipients: createListRecipients({ dispatches, ...neighbours }),
      sendCertificate: createSendCertificate({ ...sending, ...neighbours }),
    }),
  )
  await app.register(
    recipientRoutes({
      recipients,
      feed,
      recordReceipt: (receipt) => inTransaction(db, (tx) => recordReceipt(tx, receipt)),
      handOverDocument: createHandOverDocument(handing),
    }),
  )
  await app.register(keySetRoute('getEventKeys', signer))

  const running = { ...domain, config, db, bus, now, recipients, consent, audit, signer, app }
  return { app, ...createWorkers(running) }
}
