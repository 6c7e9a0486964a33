import {
  SpanKind,
  contextOf,
  failSpan,
  formatTraceparent,
  isTracing,
  runIn,
  startSpan,
  withSpan,
} from '@minaintyg/telemetry'
import type { Context, Span } from '@minaintyg/telemetry'
import type { FastifyRequest } from 'fastify'
import type { Server } from './fastify.ts'
import { continueTrace } from './trace.ts'

interface RequestTrace {
  context: Context
  span: Span | undefined
}
const traces = new WeakMap<FastifyRequest, RequestTrace>()

function begin(request: FastifyRequest, component: string): RequestTrace {
  const header = request.headers.traceparent as string | undefined
  if (!isTracing()) {
    request.trace = continueTrace(header)
    return { context: contextOf(request.trace.traceparent), span: undefined }
  }
  const { method, routeOptions } = request
  const route = routeOptions.url ?? 'none'
  const span = startSpan(`${method} ${route}`, {
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'minaintyg.component': component,
    },
    parent: header ?? '',
  })
  const traceparent = formatTraceparent(span.spanContext())
  request.trace = { traceId: span.spanContext().traceId, traceparent }
  return { context: withSpan(span, contextOf(undefined)), span }
}

/** Every request continues its caller's trace or begins one; all that it causes, and all that is logged meanwhile, knows which. */
export function traceRequests(app: Server, component: string): void {
  app.addHook('onRequest', (request, reply, done) => {
    const requestTrace = begin(request, component)
    traces.set(request, requestTrace)
    reply.header('traceparent', request.trace.traceparent)
    runIn(requestTrace.context, done)
  })
  // Reading a body leads back to the connection, which knows of no request.
  app.addHook('preValidation', (request, _reply, done) => {
    const known = traces.get(request)
    if (known === undefined) done()
    else runIn(known.context, done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { span } = traces.get(request) ?? {}
    if (span !== undefined) {
      span.setAttribute('http.response.status_code', reply.statusCode)
      if (reply.statusCode >= 500) failSpan(span, new Error(request.problemCode))
      span.end()
    }
    done()
  })
}
