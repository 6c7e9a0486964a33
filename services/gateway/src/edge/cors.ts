import type { Server } from '@minaintyg/service'

const methods = 'GET, HEAD, OPTIONS, POST, PUT, DELETE'
const accepted = [
  'Accept',
  'Accept-Language',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Traceparent',
  'X-Requested-With',
].join(', ')
const exposed = [
  'Content-Disposition',
  'Content-Language',
  'ETag',
  'Location',
  'RateLimit',
  'RateLimit-Limit',
  'RateLimit-Policy',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Traceparent',
].join(', ')

/** Only the named origins may read answers, and with the cookie; never `*` and never `null`. */
export function addCors(app: Server, allowedOrigins: ReadonlySet<string>): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin, 'access-control-request-method': asksFor } = request.headers
    reply.header('vary', 'Origin')
    const isAllowed = origin !== undefined && allowedOrigins.has(origin)
    if (isAllowed) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': exposed,
      })
    }
    if (request.method !== 'OPTIONS' || asksFor === undefined) return
    if (isAllowed) {
      reply.headers({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': accepted,
        'access-control-max-age': '600',
      })
    }
    return reply.code(204).send()
  })
}
