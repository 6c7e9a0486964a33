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

/** Listens and starts the workers. @returns what stops them: workers first, then the routes */
export async function startService(
  { app, workers }: Service,
  { host, port }: { host: string; port: number },
): Promise<() => Promise<void>> {
  await app.listen({ host, port })
  for (const worker of workers) await worker.start()
  return async () => {
    for (const worker of [...workers].reverse()) await worker.stop()
    await app.close()
  }
}

/** Milliseconds between SIGTERM and the end, whatever hangs. */
const gracePeriod = 25_000

/** Runs a service until SIGTERM or SIGINT. */
export async function runService(
  service: Service,
  address: { host: string; port: number },
): Promise<void> {
  const stop = await startService(service, address)
  closeWithGrace({ delay: gracePeriod, logger: service.app.log }, async ({ err }) => {
    if (err !== undefined) service.app.log.fatal({ err }, 'ending after an error nobody caught')
    await stop()
  })
}
