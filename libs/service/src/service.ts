import { setTimeout as pause } from 'node:timers/promises'
import { createMeasured, startTelemetry } from '@minaintyg/telemetry'
import closeWithGrace from 'close-with-grace'
import type { Server } from './fastify.ts'

/** Something that works beside the routes: a relay, a consumer, a clean-up. */
export interface Worker {
  readonly name: string
  start(): Promise<void>
  /** Stops taking on work, finishes what is under way. */
  stop(): Promise<void>
}

/** Building a service opens no port and starts no timer; starting it does. */
export interface Service {
  readonly app: Server
  readonly workers: readonly Worker[]
}

interface StopOptions {
  /** Milliseconds in which it says that it is not ready, and still answers: load balancers need them. */
  notice?: number
}

async function stopWorkers({ app, workers }: Service): Promise<void> {
  const stopping = workers.map(async (worker) => {
    try {
      await worker.stop()
    } catch (err) {
      app.log.error({ err, worker: worker.name }, 'a worker did not stop')
    }
  })
  await Promise.all(stopping)
}

/**
 * Listens and starts the workers; it becomes ready when what it depends on is there.
 * @returns what stops them: unready, then no more work is taken on, then the routes, then all that they used
 */
export async function startService(
  service: Service,
  { host, port }: { host: string; port: number },
): Promise<(options?: StopOptions) => Promise<void>> {
  const { app, workers } = service
  await app.listen({ host, port })
  for (const worker of workers) await worker.start()
  return async ({ notice = 0 } = {}) => {
    app.readiness.end()
    await Promise.all([stopWorkers(service), pause(notice)])
    await app.close()
  }
}

const missing = createMeasured({
  name: 'minaintyg_missing_dependencies',
  help: 'Things that the service cannot do without and that are not there; 0 is ready',
})

function watchReadiness(app: Server): void {
  const unwatch = missing.watch(async () => [{ value: (await app.readiness.missing()).length }])
  app.addHook('onClose', async () => {
    unwatch()
  })
}

/** Milliseconds between SIGTERM and the end, whatever hangs. */
const gracePeriod = 25_000

/** Variables out of `ServiceVariables` of libs/config. */
interface ProcessConfig {
  HOST: string
  PORT: number
  SHUTDOWN_NOTICE?: number
  METRICS_PORT?: number
  OTEL_EXPORTER_OTLP_ENDPOINT?: string
  OTEL_TRACES_SAMPLER_ARG?: number
}

/** Runs a service until SIGTERM or SIGINT. */
export async function runService(
  name: string,
  config: ProcessConfig,
  build: () => Promise<Service>,
): Promise<void> {
  const telemetry = await startTelemetry({
    name,
    host: config.HOST,
    metricsPort: config.METRICS_PORT,
    traceEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceRatio: config.OTEL_TRACES_SAMPLER_ARG,
  })
  const service = await build()
  watchReadiness(service.app)
  const stop = await startService(service, { host: config.HOST, port: config.PORT })
  closeWithGrace({ delay: gracePeriod, logger: service.app.log }, async ({ err, signal }) => {
    if (err !== undefined) service.app.log.fatal({ err }, 'ending after an error nobody caught')
    // Who presses Ctrl-C has no load balancer, and does not want to wait.
    await stop({ notice: signal === 'SIGTERM' ? (config.SHUTDOWN_NOTICE ?? 0) : 0 })
    await telemetry.stop()
  })
}
