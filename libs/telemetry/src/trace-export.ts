import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { setTracing } from './spans.ts'

export interface TraceOptions {
  /** `service.name` of all spans. */
  name: string
  /** Base URL of a collector that speaks OTLP over HTTP, without `/v1/traces`. */
  endpoint: string
  /** Share of the traces that begin here; one that somebody else began is kept if they keep it. */
  ratio?: number
}

/** Begins to export traces. What does not fit in the queue is dropped: nobody waits for a collector. @returns what sends the rest */
export function startTraceExport(options: TraceOptions): () => Promise<void> {
  const { name, endpoint, ratio = 1 } = options
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: 3_000,
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, 'service.namespace': 'minaintyg' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000, exportTimeoutMillis: 3_000 }),
    ],
  })
  trace.setGlobalTracerProvider(provider)
  setTracing(true)
  return async () => {
    setTracing(false)
    trace.disable()
    await provider.shutdown().catch(() => undefined)
  }
}
