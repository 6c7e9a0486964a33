import { createLogger } from '@minaintyg/service'
import { startTelemetry } from '@minaintyg/telemetry'
import { loopback } from './addresses.ts'
import { readSettings } from './settings.ts'
import { startSystem } from './system.ts'
import type { System } from './system.ts'

/** Everything in one process tree on loopback, until SIGINT or SIGTERM, or the end of whoever started it. */
const settings = readSettings(process.env)
const logger = createLogger({ name: 'local', level: settings.logLevel })
const say = (message: object) => process.connected && process.send?.(message)

// Before anything is built: what is built asks whether traces are made.
const telemetry = await startTelemetry({
  name: 'local',
  host: loopback,
  metricsPort: settings.metricsPort,
  traceEndpoint: settings.traceEndpoint,
})

let system: System | undefined
let ending = false
const wasEnded = () => ending
function end(): void {
  ending = true
  // While it starts there is nothing to stop yet; that is made up for below.
  void system
    ?.stop()
    .then(() => telemetry.stop())
    .then(() => process.exit(0))
}
process.on('SIGINT', end).on('SIGTERM', end)
process.on('disconnect', () => {
  // Whoever started us was killed, and may already start again.
  if (system === undefined) process.exit(1)
  end()
  setTimeout(() => process.exit(1), 2_000).unref()
})

try {
  system = await startSystem(settings, logger)
  logger.info({ addresses: system.addresses }, 'everything is up')
  say({ ready: true })
  if (wasEnded()) end()
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  logger.fatal({ err: error }, 'could not start')
  if (process.send) say({ failed: reason })
  else console.error(reason)
  process.exit(1)
}
