export {
  createCounter,
  createGauge,
  createHistogram,
  createMeasured,
  measureProcess,
  readTogether,
  registry,
} from './metrics.ts'
export type { Measured, Reading } from './metrics.ts'
export { startMetricsServer } from './metrics-server.ts'
export { nameNeighbour, watchOutwardCalls } from './outward-calls.ts'
export { SpanKind, failSpan, inSpan, isInSpan, isTracing, startSpan, withSpan } from './spans.ts'
export type { Attributes, Context, Span, SpanOptions } from './spans.ts'
export { startTelemetry } from './start-telemetry.ts'
export type { TelemetryOptions } from './start-telemetry.ts'
export {
  activeTraceId,
  activeTraceparent,
  contextOf,
  formatTraceparent,
  runIn,
} from './trace-context.ts'
