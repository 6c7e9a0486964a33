import { clientKeyOf, eventBusOf } from '@minaintyg/config'
import { audiences, innerTopology } from '@minaintyg/contracts'
import { useEventBus } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import {
  createCredentials,
  createServer,
  createServiceClient,
  remoteAuthentication,
} from '@minaintyg/service'
import type { Authentication, Credentials, Service } from '@minaintyg/service'
import { createCertificateStoreClient } from './clients/certificate-store-client.ts'
import type { RenderingConfig } from './config.ts'
import { consentProofRoutes } from './consent-proofs/consent-proof-routes.ts'
import { createConsentWithdrawnConsumer } from './erasures/consent-withdrawn-consumer.ts'
import { pdfRoutes } from './renderings/pdf-routes.ts'
import { createRenderer } from './renderings/renderer.ts'
import type { Renderer } from './renderings/renderer.ts'

export { RenderingConfig } from './config.ts'

export interface RenderingDeps {
  logDestination?: NonNullable<Parameters<typeof createServer>[0]['logDestination']>
  authentication?: Authentication
  credentials?: Pick<Credentials, 'exchange' | 'close'>
  renderer?: Renderer
  /** Connected by AMQP_URL or EVENT_BUS_DATABASE_URL where left out. */
  bus?: EventBus
}

/** Milliseconds that certificate-store may take to answer. */
const storeDeadline = 10_000

export async function buildRenderingService(
  config: RenderingConfig,
  deps: RenderingDeps = {},
): Promise<Service> {
  const app = await createServer({
    name: 'rendering',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.rendering),
    ...(deps.logDestination === undefined ? {} : { logDestination: deps.logDestination }),
  })
  const credentials =
    deps.credentials ??
    createCredentials({
      identityUrl: config.IDENTITY_URL,
      issuer: config.ISSUER_URL,
      clientId: 'rendering',
      clientKey: clientKeyOf(config),
    })
  const client = createServiceClient({
    name: 'certificate-store',
    baseUrl: config.CERTIFICATE_STORE_URL,
    deadline: storeDeadline,
  })
  const renderer =
    deps.renderer ??
    createRenderer({
      threads: config.RENDER_THREADS,
      queue: config.RENDER_QUEUE,
      deadline: config.RENDER_DEADLINE_MS,
      memory: config.RENDER_MEMORY_MB,
    })
  app.readiness.add({ renderer: () => renderer.isWarm() })
  app.addHook('onClose', async () => {
    await Promise.all([renderer.close(), client.close(), credentials.close()])
  })

  const certificates = createCertificateStoreClient({ client, credentials })
  await app.register(pdfRoutes({ certificates, renderer }))
  await app.register(consentProofRoutes({ renderer }))
  const bus =
    deps.bus ??
    useEventBus(app, { ...eventBusOf(config), name: 'rendering', topology: innerTopology })
  const longestRendering = storeDeadline + config.RENDER_DEADLINE_MS
  return { app, workers: [createConsentWithdrawnConsumer({ bus, longestRendering })] }
}
