import { eventBusUrl } from '@minaintyg/config'
import { audiences, innerTopology } from '@minaintyg/contracts'
import { createDatabase, ping } from '@minaintyg/db'
import { connectEventBus, createOutboxRelay } from '@minaintyg/messaging'
import type { OutboxRelay, RelayBus } from '@minaintyg/messaging'
import { createServer, remoteAuthentication } from '@minaintyg/service'
import type { Authentication, Server, Service } from '@minaintyg/service'
import type { ConsentConfig } from './config.ts'
import { createConsentRepository } from './consents/consent-repository.ts'
import { consentRoutes } from './consents/consent-routes.ts'
import { createDeclareConsent } from './consents/declare-consent.ts'
import type { Database } from './database.ts'
import { loadConsentTexts } from './texts/consent-texts.ts'
import type { ConsentTexts } from './texts/consent-texts.ts'

export { ConsentConfig } from './config.ts'
export { errors as consentErrors } from './errors.ts'

export interface ConsentDeps {
  now?: () => Date
  authentication?: Authentication
  texts?: ConsentTexts
  /** Connected by AMQP_URL or EVENT_BUS_DATABASE_URL where left out. */
  bus?: RelayBus
}
export interface ConsentService extends Service {
  readonly relay: OutboxRelay
}

async function connectBus(config: ConsentConfig, app: Server): Promise<RelayBus> {
  const bus = await connectEventBus({
    url: eventBusUrl(config),
    name: 'consent',
    topology: innerTopology,
    logger: app.log,
  })
  app.addHook('onClose', () => bus.close())
  return bus
}

export async function buildConsentService(
  config: ConsentConfig,
  deps: ConsentDeps = {},
): Promise<ConsentService> {
  const { now = () => new Date(), texts = loadConsentTexts() } = deps
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 10 })
  const app = await createServer({
    name: 'consent',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.consent),
    isReady: () => ping(db),
  })
  app.addHook('onClose', () => db.destroy())
  const bus = deps.bus ?? (await connectBus(config, app))

  const consents = createConsentRepository(db)
  const declare = createDeclareConsent({ db, consents, texts, now })
  await app.register(consentRoutes({ ...declare, consents, texts, now }))
  const relay = createOutboxRelay<Database>({
    db,
    url: config.DATABASE_URL,
    bus,
    logger: app.log,
    now,
  })
  return { app, workers: [relay], relay }
}
