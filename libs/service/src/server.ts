import { randomUUID } from 'node:crypto'
import Fastify, { LogController } from 'fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { AppError } from '@minaintyg/errors'
import type { DestinationStream } from 'pino'
import type { Server } from './fastify.ts'
import { authenticate, registerAuthentication } from './authentication.ts'
import type { Authentication } from './authentication.ts'
import { answerBrokenRequests, longestUrl } from './broken-requests.ts'
import { budgetHeader, deadlineOf } from './budget.ts'
import { createLogger } from './logger.ts'
import { createAllowedMethods } from './allowed-methods.ts'
import { createProblemHandler } from './problem-handler.ts'
import { Problem, serviceErrors } from './problem.ts'
import { createReadiness } from './readiness.ts'
import type { Readiness } from './readiness.ts'
import { measureRequests } from './request-metrics.ts'
import { traceRequests } from './request-trace.ts'
import { continueTrace } from './trace.ts'
import { bodyHasNul, createValidatorCompiler, hasNul } from './validation.ts'

export interface ServerOptions {
  name: string
  logLevel?: string
  logDestination?: DestinationStream
  /** Leave out only where every route is open. */
  authentication?: Authentication
  /** Before `/problems/<code>` in a problem's `type`. */
  problemBase?: string
  /** Bytes of a body. */
  bodyLimit?: number
  /** Addresses of proxies whose X-Forwarded-* is believed; none where left out. */
  trustProxy?: string[]
  /** On every answer, also to what cannot be read. */
  headers?: Record<string, string>
  /** Paths under which the routes of plugins, which cannot say who may call them, are open. */
  openPaths?: readonly string[]
}

/** Milliseconds; requests here are small, so what is slow is stuck or hostile. */
const timeouts = { connectionTimeout: 30_000, requestTimeout: 15_000, keepAliveTimeout: 72_000 }

function addJsonParser(app: Server): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body as string
    if (bodyHasNul(text)) done(new AppError(serviceErrors.malformed), undefined)
    else void parseJson(request, text, done)
  })
}

function requireDeclaredAccess(app: Server, openPaths: readonly string[]): void {
  app.addHook('onRoute', (route) => {
    const { method, url, config } = route
    if (config?.access !== undefined) return
    if (!openPaths.some((path) => url === path || url.startsWith(`${path}/`))) {
      throw new Error(`Route ${String(method)} ${url} does not say who may call it (config.access)`)
    }
    route.config = { ...config, access: 'open' }
  })
}

/** OPTIONS is answered wherever there is something, without a route of its own. */
function answerWithoutRoute(
  { method }: FastifyRequest,
  reply: FastifyReply,
  methods: string[],
): FastifyReply {
  if (methods.length === 0) throw new AppError(serviceErrors.routeNotFound)
  void reply.header('allow', [...methods, 'OPTIONS'].sort().join(', '))
  if (method !== 'OPTIONS') throw new AppError(serviceErrors.methodNotAllowed)
  return reply.code(204).send()
}

function addHooks(
  app: Server,
  headers: Record<string, string>,
  allowedMethods: (url: string) => string[],
): void {
  app.addHook('onRequest', async (request: FastifyRequest, reply) => {
    reply.headers(headers)
    const deadline = deadlineOf(request.headers[budgetHeader])
    if (deadline !== undefined) request.trace = { ...request.trace, deadline }
    const { url = '' } = request.raw
    if (url.length > longestUrl) throw new AppError(serviceErrors.uriTooLong)
    if (hasNul(url)) throw new AppError(serviceErrors.malformed)
    const { access } = request.routeOptions.config
    if (access !== undefined && access !== 'open') {
      request.caller = await authenticate(request, access)
    }
  })
  // After what a service does with every request, before the body is read: it is the address that is wrong.
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return
    await answerWithoutRoute(request, reply, allowedMethods(request.raw.url ?? '/'))
  })
  app.addHook('onResponse', async (request, reply) => {
    const { url: route, config } = request.routeOptions
    const entry = {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      code: request.problemCode,
      traceId: request.trace.traceId,
      requestId: request.id,
    }
    if (config.access === 'open' && route?.endsWith('z') === true) request.log.debug(entry, 'probe')
    else request.log.info(entry, 'request')
  })
}

function addProbes(app: Server, readiness: Readiness): void {
  app.addHook('preClose', async () => {
    readiness.end()
  })
  // Whoever keeps a connection takes a new one for what comes next, which leads to somebody else.
  app.addHook('onRequest', async (_request, reply) => {
    if (readiness.ending) reply.header('connection', 'close')
  })
  const schema = { hide: true } as const
  app.get('/livez', { config: { access: 'open' }, schema }, async () => ({ status: 'ok' }))
  app.get('/readyz', { config: { access: 'open' }, schema }, async () => {
    const missing = await readiness.missing()
    if (missing.length > 0) {
      throw new AppError(serviceErrors.unavailable, { extensions: { missing } })
    }
    return { status: 'ok' }
  })
}

/**
 * A Fastify server as every service here has it: problems for all faults, traces, redacted logs, probes, and
 * routes that are closed until they say who may call them.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { name, authentication, problemBase = '' } = options
  const { logLevel = 'info', logDestination, bodyLimit = 64 * 1024, trustProxy } = options
  const { headers = {}, openPaths = [] } = options
  const sendProblem = createProblemHandler(problemBase)
  const logger = createLogger({
    name,
    level: logLevel,
    ...(logDestination === undefined ? {} : { destination: logDestination }),
  })
  const app = Fastify({
    loggerInstance: logger,
    ...timeouts,
    bodyLimit,
    trustProxy: trustProxy ?? false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true }),
    // What arrives on a kept-alive connection while we close is still answered; readiness has said no.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 500 },
    frameworkErrors: (error, request, reply) => {
      request.trace = continueTrace(request.headers.traceparent as string | undefined)
      const { traceparent } = request.trace
      void sendProblem(error, request, reply.headers({ ...headers, traceparent }))
    },
    clientErrorHandler: answerBrokenRequests(problemBase, headers),
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.decorate('readiness', createReadiness())
  app.decorateRequest('trace')
  app.decorateRequest('caller')
  app.decorateRequest('problemCode', undefined)
  app.setValidatorCompiler(createValidatorCompiler())
  app.setErrorHandler(sendProblem)
  app.addSchema(Problem)
  addJsonParser(app)
  requireDeclaredAccess(app, openPaths)
  if (authentication !== undefined) await registerAuthentication(app, authentication)
  traceRequests(app, name)
  measureRequests(app, name)
  addHooks(app, headers, createAllowedMethods(app))
  addProbes(app, app.readiness)
  return app
}
