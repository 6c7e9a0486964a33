import { startMetricsServer } from './metrics-server.ts'
import { measureProcess } from './metrics.ts'
import { watchOutwardCalls } from './outward-calls.ts'

export interface TelemetryOptions {
  /** Of the process: `component` of its metrics, `service.name` of its traces. */
  name: string
  host: string
  /** No metrics where left out; 0: any that is free. */
  metricsPort?: number | undefined
  /** No traces where left out. */
  traceEndpoint?: string | undefined
  traceRatio?: number | undefined
}

/** Begins before anything is built, as what is built asks whether traces are made. */
export async function startTelemetry(options: TelemetryOptions) {
  const { name, host, metricsPort, traceEndpoint, traceRatio = 1 } = options
  const stops: (() => Promise<void> | void)[] = []
  let port: number | undefined
  if (metricsPort !== undefined || traceEndpoint !== undefined) stops.push(watchOutwardCalls())
  if (metricsPort !== undefined) {
    measureProcess(name)
    const server = await startMetricsServer({ host, port: metricsPort })
    port = server.port
    stops.push(() => server.stop())
  }
  if (traceEndpoint !== undefined) {
    // Only where it is needed: it takes longer to load than all the rest.
    const { startTraceExport } = await import('./trace-export.ts')
    stops.push(startTraceExport({ name, endpoint: traceEndpoint, ratio: traceRatio }))
  }
  return {
    metricsPort: port,
    /** Sends what has not been sent. */
    async stop() {
      for (const stop of stops.reverse()) await stop()
    },
  }
}
