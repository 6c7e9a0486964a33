import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Certificate } from '@minaintyg/certificate-model'
import type { SignedConsentProof } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { Drawn } from '../drawing/index.ts'
import { errors } from '../errors.ts'
import { load, measureRender } from './rendering-metrics.ts'
import type { ConsentProofTask, RenderTask } from './render-worker.ts'

export interface RendererOptions {
  threads: number
  queue: number
  deadline: number
  memory: number
  /** Where the drawing is; another file only to see what a crash does. */
  worker?: URL
}

export interface Renderer {
  /** Whether a thread has its fonts: the first document after a start would wait for them. */
  isWarm(): Promise<boolean>
  /** Before anything is fetched for a document. @throws {AppError} pdf.overloaded where it would be refused */
  checkRoom(): void
  render(certificate: Certificate, options?: RenderTask['options']): Promise<Drawn>
  renderConsentProof(signed: SignedConsentProof, language: 'sv' | 'en'): Promise<Drawn>
  close(): Promise<void>
}

const seconds = { overloaded: 5, failed: 30 }
/** The sources run as they are in development, and as built files in the image. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const ownWorker = new URL(`./render-worker.${extension}`, import.meta.url)
const execArgv =
  extension === 'ts' ? ['--conditions=source', '--disable-warning=ExperimentalWarning'] : []

function createWarming(pool: Piscina): () => Promise<boolean> {
  let warming: Promise<boolean> | undefined
  async function warm(): Promise<boolean> {
    try {
      await pool.run(undefined, { name: 'warm' })
      return true
    } catch {
      warming = undefined
      return false
    }
  }
  return () => (warming ??= warm())
}

/** Draws in worker threads: one that hangs, crashes or takes too much memory ends alone. */
export function createRenderer(options: RendererOptions): Renderer {
  const { threads, queue, deadline, memory, worker = ownWorker } = options
  const pool = new Piscina({
    filename: worker.href,
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000,
    concurrentTasksPerWorker: 1,
    // The young generation is kept small, or a thread holds on to hundreds of megabytes that it has no use for.
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 24 },
    execArgv,
    env: {},
  })
  const capacity = threads + queue
  let underWay = 0
  const unwatch = load.watch(() => [{ value: underWay / capacity }])
  /** Those too that piscina has given up and forgotten, but that have not ended yet. */
  const living = new Set<Worker>()

  function watchThreads(): void {
    for (const thread of pool.threads.filter((each) => !living.has(each))) {
      living.add(thread)
      thread.once('exit', () => living.delete(thread))
    }
  }
  function checkRoom(): void {
    if (underWay < capacity) return
    throw new AppError(errors.overloaded, { retryAfter: seconds.overloaded })
  }

  async function run(name: 'render' | 'renderProof', task: RenderTask | ConsentProofTask) {
    // Counted here: piscina's own bound lets a burst through while its threads start.
    checkRoom()
    underWay += 1
    try {
      const drawing = pool.run(task, { name, signal: AbortSignal.timeout(deadline) })
      watchThreads()
      return (await drawing) as Drawn
    } catch (cause) {
      throw new AppError(errors.failed, { retryAfter: seconds.failed, cause })
    } finally {
      underWay -= 1
    }
  }
  return {
    isWarm: createWarming(pool),
    checkRoom,
    render: (certificate, drawing = {}) =>
      measureRender('certificate', () => run('render', { certificate, options: drawing })),
    renderConsentProof: (signed, language) =>
      measureRender('consent-proof', () => run('renderProof', { signed, language })),
    async close() {
      unwatch()
      // First, or piscina would start another in place of one that ends after the pool.
      const givenUp = [...living].filter((thread) => !pool.threads.includes(thread))
      await Promise.all(givenUp.map((thread) => once(thread, 'exit')))
      await pool.destroy()
    },
  }
}
