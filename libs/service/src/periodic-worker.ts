import type { Server } from './fastify.ts'
import type { Worker } from './service.ts'

interface Options {
  name: string
  /** Milliseconds. */
  interval: number
  run: () => Promise<void>
  log: Pick<Server['log'], 'error'>
}

/** A worker that does the same again and again, never twice at once; what fails is logged and tried the next time. */
export function createPeriodicWorker(options: Options): Worker & { run(): Promise<void> } {
  const { name, interval, run, log } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  function tick(): void {
    running ??= run()
      .catch((err: unknown) => {
        log.error({ err }, `${name} failed`)
      })
      .finally(() => (running = undefined))
  }

  return {
    name,
    run,
    async start() {
      timer = setInterval(tick, interval)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
