import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import Fastify from 'fastify'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '@minaintyg/errors'
import type { Logger } from '@minaintyg/messaging'
import { continueTrace } from '@minaintyg/service'
import type { Trace, Worker } from '@minaintyg/service'
import type { JournalSource } from '../journals/journal-source.ts'
import { charsetOf } from '../journals/read-answer.ts'
import { createIdentifyCaller } from './identify-caller.ts'
import type { PushSettings } from './push-config.ts'
import { readBody } from './read-body.ts'
import type { ReceivePush } from './receive-push.ts'
import { results } from './result.ts'
import type { Result } from './result.ts'
import { SoapFault, checkSoapAction, faultEnvelope, operations, resultEnvelope } from './soap.ts'
import type { Operation } from './soap.ts'

interface Deps {
  settings: PushSettings
  receivePush: ReceivePush
  log: Logger
}

export interface PushListener extends Worker {
  readonly app: FastifyInstance
}

/** Milliseconds: of 15 MiB at their slowest. */
const timeouts = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 72_000 }
const maxConnections = 200
/** Each may hold a message of 15 MiB. */
const maxAtOnce = 10

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const header = ({ headers }: IncomingMessage, name: string) => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}
/** A caller's own text may hold anything; an id of this form holds nothing. */
const correlationId = (request: IncomingMessage) => {
  const id = header(request, 'x-skltp-correlation-id')
  return id !== undefined && uuid.test(id) ? id : undefined
}

const createHttp =
  ({ tls }: PushSettings) =>
  (handler: RequestListener) => {
    const server =
      tls === undefined
        ? createHttpServer(timeouts, handler)
        : createHttpsServer(
            {
              ...tls,
              ...timeouts,
              requestCert: true,
              rejectUnauthorized: true,
              minVersion: 'TLSv1.2',
            },
            handler,
          )
    server.maxConnections = maxConnections
    return server
  }

async function sendXml(reply: FastifyReply, status: number, body: string): Promise<void> {
  await reply.code(status).type('text/xml;charset=UTF-8').send(body)
}

function faultOf(error: unknown): SoapFault {
  if (error instanceof SoapFault) return error
  const { statusCode = 500, code } = error as FastifyError
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new SoapFault('Client', 'Content-Type must be text/xml', { status: 415 })
  }
  if (statusCode >= 400 && statusCode < 500) {
    return new SoapFault('Client', 'The request cannot be read', { status: statusCode })
  }
  return new SoapFault('Server', 'The call could not be carried out')
}

function addRefusals(app: FastifyInstance, log: Logger): void {
  const paths = new Set<string>(Object.values(operations).map(({ path }) => path))
  app.setErrorHandler(async (error, request, reply) => {
    const fault = faultOf(error)
    if (fault.code === 'Server') log.error({ err: error }, 'push failed')
    else {
      const { status, reason } = fault
      log.warn({ route: request.routeOptions.url, status, reason }, 'push was no valid call')
    }
    void reply.headers(fault.headers)
    await sendXml(reply, fault.status, faultEnvelope(fault))
  })
  app.setNotFoundHandler(async ({ url }) => {
    if (!paths.has(url)) {
      throw new SoapFault('Client', 'There is nothing at this address', { status: 404 })
    }
    const headers = { allow: 'POST' }
    throw new SoapFault('Client', 'SOAP is sent with POST', { status: 405, headers })
  })
}

/** Until it is known who calls. */
function leaveBodiesUnread(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['text/xml', 'application/xml'], (_request, _payload, done) => {
    done(null)
  })
}

/** No more at a time than there is memory for. */
function addBound(app: FastifyInstance): void {
  let atOnce = 0
  app.addHook('onRequest', async (_request, { raw }) => {
    if (atOnce >= maxAtOnce) {
      const options = { status: 503, headers: { 'retry-after': '5' } }
      throw new SoapFault('Server', 'Too many messages at once; send it again later', options)
    }
    atOnce += 1
    raw.once('close', () => (atOnce -= 1))
  })
}

/** Whatever fails here may go well the next time; a caller sends it again. */
async function receive(
  { receivePush, log }: Deps,
  push: Parameters<ReceivePush>[0],
): Promise<Result> {
  try {
    return await receivePush(push)
  } catch (error) {
    if (error instanceof SoapFault) throw error
    if (error instanceof AppError) return results.failed(error.code)
    log.error({ err: error, traceId: push.trace.traceId }, 'push failed')
    return results.failed('failed')
  }
}

/** Where journals push: a listener of its own, whose callers show certificates and not tokens. */
export function createPushListener(deps: Deps): PushListener {
  const { settings, log } = deps
  const app = Fastify({
    serverFactory: createHttp(settings),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false,
  })
  const identifyCaller = createIdentifyCaller({
    callers: settings.callers,
    plain: settings.tls === undefined,
  })

  function admit({ raw }: FastifyRequest): { hsaId: string; source: JournalSource } {
    const caller = identifyCaller(raw)
    if (caller.known) return caller
    const { reason } = caller
    throw new SoapFault('Client', 'The caller may not push here', { status: 403, reason })
  }

  async function answer(operation: Operation, request: FastifyRequest, reply: FastifyReply) {
    const begun = performance.now()
    const { hsaId, source } = admit(request)
    checkSoapAction(header(request.raw, 'soapaction'), operation)
    const trace: Trace = continueTrace(header(request.raw, 'traceparent'))
    const bytes = await readBody(request.raw, header(request.raw, 'content-encoding'))
    const charset = charsetOf(header(request.raw, 'content-type') ?? '')
    const result = await receive(deps, { operation, bytes, charset, source, trace })
    const { code, errorId, reason } = result
    log.info(
      {
        operation: operation.name,
        caller: hsaId,
        source: source.id,
        code,
        errorId,
        reason,
        ms: Math.round(performance.now() - begun),
        traceId: trace.traceId,
        correlationId: correlationId(request.raw),
      },
      'push',
    )
    await sendXml(reply, 200, resultEnvelope(operation, result))
  }

  leaveBodiesUnread(app)
  addRefusals(app, log)
  addBound(app)
  for (const operation of Object.values(operations)) {
    app.post(operation.path, (request, reply) => answer(operation, request, reply))
  }
  return {
    name: 'push-listener',
    app,
    async start() {
      await app.listen({ host: settings.host, port: settings.port })
    },
    stop: () => app.close(),
  }
}
