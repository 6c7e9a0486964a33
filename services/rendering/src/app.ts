import { clientKeyOf } from '@minaintyg/config'
import { audiences } from '@minaintyg/contracts'
import {
  createCredentials,
  createServer,
  createServiceClient,
  remoteAuthentication,
} from '@minaintyg/service'
import type { Authentication, Credentials, Service } from '@minaintyg/service'
import { createCertificateStoreClient } from './clients/certificate-store-client.ts'
import type { RenderingConfig } from './config.ts'
import { pdfRoutes } from './renderings/pdf-routes.ts'
import { createRenderer } from './renderings/renderer.ts'
import type { Renderer } from './renderings/renderer.ts'

export { RenderingConfig } from './config.ts'

export interface RenderingDeps {
  authentication?: Authentication
  credentials?: Pick<Credentials, 'exchange' | 'close'>
  renderer?: Renderer
}

export async function buildRenderingService(
  config: RenderingConfig,
  deps: RenderingDeps = {},
): Promise<Service> {
  const app = await createServer({
    name: 'rendering',
    logLevel: config.LOG_LEVEL,
    authentication: deps.authentication ?? remoteAuthentication(config, audiences.rendering),
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
    deadline: 10_000,
  })
  const renderer =
    deps.renderer ??
    createRenderer({
      threads: config.RENDER_THREADS,
      queue: config.RENDER_QUEUE,
      deadline: config.RENDER_DEADLINE_MS,
      memory: config.RENDER_MEMORY_MB,
    })
  app.addHook('onClose', async () => {
    await Promise.all([renderer.close(), client.close(), credentials.close()])
  })

  const certificates = createCertificateStoreClient({ client, credentials })
  await app.register(pdfRoutes({ certificates, renderer }))
  return { app, workers: [] }
}
