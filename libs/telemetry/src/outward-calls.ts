import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { SpanKind } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { createCounter, createHistogram } from './metrics.ts'
import { failSpan, isInSpan, startSpan } from './spans.ts'
import { formatTraceparent } from './trace-context.ts'

/** A request of undici, of the library and of Node's own fetch alike. */
interface UndiciRequest {
  method: string
  origin?: string | URL
  headers: unknown
}
interface Message {
  request: UndiciRequest
  response?: { statusCode: number }
  error?: Error
}

const calls = createCounter({
  name: 'minaintyg_outward_requests_total',
  help: 'Calls to neighbours, journals and the e-legitimation, by what came of them: 2xx to 5xx, or failed',
  labels: ['neighbour', 'outcome'],
})
const durations = createHistogram({
  name: 'minaintyg_outward_request_seconds',
  help: 'Time from a call to the end of its answer',
  labels: ['neighbour'],
})

const names = new Map<string, string>()

/** Says who is behind an address: metrics and traces know neighbours by name and never by address. */
export function nameNeighbour(url: string, name: string): void {
  names.set(new URL(url).origin, name)
}

interface UnderWay {
  neighbour: string
  since: number
  outcome: string
  span: Span | undefined
}
const underWay = new WeakMap<UndiciRequest, UnderWay>()

/** The caller has put its own place in the trace there: this call is a step below that. */
function passOn(headers: unknown, span: Span): void {
  if (!Array.isArray(headers)) return
  const index = headers.indexOf('traceparent')
  if (index >= 0) headers[index + 1] = formatTraceparent(span.spanContext())
}

function begin({ request }: Message): void {
  const neighbour = names.get(String(request.origin)) ?? 'other'
  let span: Span | undefined
  if (isInSpan()) {
    const attributes = { 'http.request.method': request.method, 'peer.service': neighbour }
    span = startSpan(`${request.method} ${neighbour}`, { kind: SpanKind.CLIENT, attributes })
    passOn(request.headers, span)
  }
  underWay.set(request, { neighbour, since: performance.now(), outcome: 'failed', span })
}

function answered({ request, response }: Message): void {
  const call = underWay.get(request)
  if (call === undefined || response === undefined) return
  call.outcome = `${Math.floor(response.statusCode / 100)}xx`
  call.span?.setAttribute('http.response.status_code', response.statusCode)
}

function end({ request, error }: Message): void {
  const call = underWay.get(request)
  if (call === undefined) return
  underWay.delete(request)
  const { neighbour, since, span } = call
  const outcome = error === undefined ? call.outcome : 'failed'
  calls.inc({ neighbour, outcome })
  durations.observe({ neighbour }, (performance.now() - since) / 1_000)
  if (span === undefined) return
  if (error !== undefined || outcome === '5xx') failSpan(span, error ?? new Error(outcome))
  span.end()
}

const channels: [string, (message: unknown) => void][] = [
  ['undici:request:create', begin as (message: unknown) => void],
  ['undici:request:headers', answered as (message: unknown) => void],
  ['undici:request:trailers', end as (message: unknown) => void],
  ['undici:request:error', end as (message: unknown) => void],
]

/** Counts and traces every call that leaves over HTTP. @returns what ends that */
export function watchOutwardCalls(): () => void {
  for (const [name, listener] of channels) subscribe(name, listener)
  return () => {
    for (const [name, listener] of channels) unsubscribe(name, listener)
  }
}
