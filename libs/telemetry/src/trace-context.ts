import { ROOT_CONTEXT, TraceFlags, context, trace } from '@opentelemetry/api'
import type { Context, SpanContext } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const zeros = /^0+$/

let isFollowed = false

/** From now on whatever a request causes knows its trace, also where no traces are exported. */
function follow(): void {
  if (isFollowed) return
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  isFollowed = true
}

/** What a W3C `traceparent` (level 1) says; undefined where it is none. */
function parse(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = pattern.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (zeros.test(traceId) || zeros.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}

/** The header of a span, as W3C Trace Context has it. */
export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  const flags = (traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')
  return `00-${traceId}-${spanId}-${flags}`
}

/** The context that a header continues; an empty one where it is none. */
export function contextOf(traceparent: string | undefined): Context {
  const parent = parse(traceparent)
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent)
}

/** Runs something, and all that it causes, in a context. */
export function runIn<T>(traceContext: Context, run: () => T): T {
  follow()
  return context.with(traceContext, run)
}

/** What must be sent along for the other side to continue the trace; undefined outside of one. */
export function activeTraceparent(): string | undefined {
  const active = trace.getActiveSpan()?.spanContext()
  return active === undefined ? undefined : formatTraceparent(active)
}

export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId
