import compress from '@fastify/compress'
import { AppError } from '@minaintyg/errors'
import { serviceErrors } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { basePath } from '../config.ts'
import { docsPath } from '../meta/docs.ts'

/**
 * What is packed (SECURITY.md says why it may be): answers without tokens, grants or anything that the caller sent. A route
 * that is not named here is sent as it is.
 */
const packed = new Set(
  [
    '/access-log',
    '/api-info',
    '/certificates',
    '/certificates/:id',
    '/certificates/:id/recipients',
    '/consent',
    '/dispatches',
    '/dispatches/:id',
    '/guides/sick-leave',
    '/openapi.json',
    '/problems/:code',
  ].map((path) => basePath + path),
)

const isPacked = (url: string) => packed.has(url) || url.startsWith(docsPath)
const isReading = (method: string | string[]) =>
  [method].flat().every((each) => each === 'GET' || each === 'HEAD')

/** Packs some answers with br or gzip, as the client asks, and takes no packed body: one could be a bomb. */
export async function addPacking(app: Server): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (isPacked(route.url) && isReading(route.method)) {
      route.compress = { encodings: ['br', 'gzip'] }
    }
  })
  await app.register(compress, { global: false })

  app.addHook('onRequest', async ({ headers }, reply) => {
    const encoding = headers['content-encoding']
    if (encoding === undefined || encoding.toLowerCase() === 'identity') return
    void reply.header('accept-encoding', 'identity')
    throw new AppError(serviceErrors.mediaType, {
      detail: 'Send the body as it is, without Content-Encoding.',
    })
  })
}
