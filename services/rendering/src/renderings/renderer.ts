import { Piscina } from 'piscina'
import type { Certificate } from '@minaintyg/certificate-model'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

export interface RendererOptions {
  threads: number
  queue: number
  deadline: number
  memory: number
  /** Where the drawing is; another file only to see what a crash does. */
  worker?: URL
}

export interface Renderer {
  render(certificate: Certificate): Promise<Uint8Array>
  close(): Promise<void>
}

const seconds = { overloaded: 5, failed: 30 }
/** The sources run as they are in development, and as built files in the image. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const ownWorker = new URL(`./render-worker.${extension}`, import.meta.url)
const execArgv =
  extension === 'ts' ? ['--conditions=source', '--disable-warning=ExperimentalWarning'] : []

/** Draws in worker threads: one that hangs, crashes or takes too much memory ends alone. */
export function createRenderer(options: RendererOptions): Renderer {
  const { threads, queue, deadline, memory, worker = ownWorker } = options
  const pool = new Piscina({
    filename: worker.href,
    name: 'render',
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000,
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxOldGenerationSizeMb: memory },
    execArgv,
    env: {},
  })
  let underWay = 0
  return {
    async render(certificate) {
      // Counted here: piscina's own bound lets a burst through while its threads start.
      if (underWay >= threads + queue) {
        throw new AppError(errors.overloaded, { retryAfter: seconds.overloaded })
      }
      underWay += 1
      try {
        const signal = AbortSignal.timeout(deadline)
        return (await pool.run(certificate, { signal })) as Uint8Array
      } catch (cause) {
        throw new AppError(errors.failed, { retryAfter: seconds.failed, cause })
      } finally {
        underWay -= 1
      }
    },
    close: () => pool.destroy(),
  }
}
