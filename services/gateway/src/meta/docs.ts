import swaggerUi from '@fastify/swagger-ui'
import type { Server } from '@minaintyg/service'
import { basePath } from '../config.ts'
import { reportingPolicy } from '../edge/security-headers.ts'

export const docsPath = `${basePath}/docs`

/** Pages to read and try the API; the script that Swagger UI runs is its own file. */
export async function addDocs(app: Server, publicUrl: string): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    staticCSP: reportingPolicy(
      "default-src 'none'; connect-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      publicUrl,
    ),
    theme: { title: 'Mina intyg – API' },
    uiConfig: {
      // Without the bar that offers to open other documents.
      layout: 'BaseLayout',
      docExpansion: 'list',
      deepLinking: true,
      tryItOutEnabled: true,
    },
  })
}
