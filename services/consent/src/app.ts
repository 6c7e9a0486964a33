import { join } from 'node:path'
import { eventBusOf } from '@minaintyg/config'
import { audiences, innerTopology } from '@minaintyg/contracts'
import { createDatabase, databaseChecks } from '@minaintyg/db'
import { createOutboxRelay, useEventBus } from '@minaintyg/messaging'
import type { EventBus, OutboxRelay } from '@minaintyg/messaging'
import { createServer, createSigner, keySetRoute, remoteAuthentication } from '@minaintyg/service'
import type { Authentication, Service } from '@minaintyg/service'
import type { ConsentConfig } from './config.ts'
import { measureErasures } from './consent-metrics.ts'
import { createConsentRepository } from './consents/consent-repository.ts'
import { consentRoutes } from './consents/consent-routes.ts'
import { createDeclareConsent } from './consents/declare-consent.ts'
import type { Database } from './database.ts'
import { createErasureDoneConsumer } from './erasures/erasure-done-consumer.ts'
import { createErasureRepository } from './erasures/erasure-repository.ts'
import { createErasureWatch } from './erasures/erasure-watch.ts'
import { createProve } from './proofs/consent-proof.ts'
import { proofRoutes } from './proofs/proof-routes.ts'
import { createRetention } from './retention.ts'
import { loadConsentTexts } from './texts/consent-texts.ts'
import type { ConsentTexts } from './texts/consent-texts.ts'

export { ConsentConfig } from './config.ts'
export { errors as consentErrors } from './errors.ts'

const migrations = join(import.meta.dirname, '../migrations')

export interface ConsentDeps {
  now?: () => Date
  authentication?: Authentication
  texts?: ConsentTexts
  /** Connected by AMQP_URL or EVENT_BUS_DATABASE_URL where left out. */
  bus?: EventBus
}
export interface ConsentService extends Service {
  readonly relay: OutboxRelay
  readonly erasureWatch: { run(): Promise<void> }
  readonly retention: { run(): Promise<void> }
}

export async function buildConsentService(
  config: ConsentConfig,
  deps: ConsentDeps = {},
): Promise<ConsentService> {
  const { now = () => new Date(), texts = loadConsentTexts() } = deps
  const signer = await createSigner('PROOF_SIGNING_KEYS', config.PROOF_SIGNING_KEYS)
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 10 })
  const app = await createServer({
    name: 'consent',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.consent),
  })
  app.readiness.add(databaseChecks({ db, url: config.DATABASE_URL, migrations }))
  app.addHook('onClose', () => db.destroy())
  const bus =
    deps.bus ??
    useEventBus(app, { ...eventBusOf(config), name: 'consent', topology: innerTopology })

  const consents = createConsentRepository(db)
  const erasures = createErasureRepository(db)
  const declare = createDeclareConsent({ db, consents, erasures, texts, now })
  await app.register(consentRoutes({ ...declare, consents, erasures, texts, now }))
  const prove = createProve({ consents, texts, issuer: config.ISSUER_URL, now })
  await app.register(proofRoutes({ prove, signer }))
  await app.register(keySetRoute('getConsentKeys', signer))
  const unmeasure = measureErasures(db)
  app.addHook('onClose', async () => {
    unmeasure()
  })
  const relay = createOutboxRelay<Database>({
    db,
    url: config.DATABASE_URL,
    bus,
    logger: app.log,
    now,
  })
  const erasureDone = createErasureDoneConsumer({ bus, db, erasures, now })
  const erasureWatch = createErasureWatch({ db, erasures, now, log: app.log })
  const retention = createRetention({ db, now, log: app.log })
  const workers = [relay, erasureDone, erasureWatch, retention]
  return { app, workers, relay, erasureWatch, retention }
}
