import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import type { Attributes, Context, Span } from '@opentelemetry/api'
import { contextOf, runIn } from './trace-context.ts'

export { SpanKind } from '@opentelemetry/api'
export type { Attributes, Context, Span } from '@opentelemetry/api'

let tracing = false

/** Whether spans are made at all; asked before anything is done for their sake. */
export const isTracing = (): boolean => tracing

/** Whether something runs that a span made now would belong to. */
export const isInSpan = (): boolean => tracing && trace.getActiveSpan() !== undefined

export function setTracing(on: boolean): void {
  tracing = on
}

export interface SpanOptions {
  kind?: SpanKind
  /** Names and templates, never what somebody sent: no address, no id of a person. */
  attributes?: Attributes
  /** A `traceparent` to continue; what runs at the moment where left out. */
  parent?: string | undefined
  startTime?: number
}

const tracer = () => trace.getTracer('minaintyg')

const parentContext = ({ parent }: SpanOptions): Context =>
  parent === undefined ? context.active() : contextOf(parent)

export function startSpan(name: string, options: SpanOptions = {}): Span {
  const { kind = SpanKind.INTERNAL, attributes = {}, startTime } = options
  return tracer().startSpan(
    name,
    { kind, attributes, ...(startTime === undefined ? {} : { startTime }) },
    parentContext(options),
  )
}

export const withSpan = (span: Span, on: Context = context.active()): Context =>
  trace.setSpan(on, span)

/** Marks a span as failed; the kind of the error alone, as a message may quote data. */
export function failSpan(span: Span, error: unknown): void {
  const kind = error instanceof Error ? error.name : typeof error
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', kind)
}

/** Runs something as a span of its own; where no traces are made it only continues the trace. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  run: () => Promise<T>,
): Promise<T> {
  if (!tracing) {
    return options.parent === undefined ? run() : runIn(contextOf(options.parent), run)
  }
  const span = startSpan(name, options)
  try {
    return await runIn(withSpan(span, parentContext(options)), run)
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}
