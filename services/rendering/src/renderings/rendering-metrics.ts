import { AppError } from '@minaintyg/errors'
import { createCounter, createHistogram, createMeasured } from '@minaintyg/telemetry'

const renders = createCounter({
  name: 'minaintyg_renders_total',
  help: 'Documents that were asked for, by what came of them',
  labels: ['kind', 'outcome'],
})
const durations = createHistogram({
  name: 'minaintyg_render_seconds',
  help: 'Time of a document, waiting for a thread included',
  labels: ['kind'],
})

/** Documents under way, and how many there may be. */
export const load = createMeasured({
  name: 'minaintyg_render_load_ratio',
  help: 'Documents under way and waiting, as a share of those that may be: at 1 the next is refused',
})

/** Counts and times a document. */
export async function measureRender<T>(kind: string, render: () => Promise<T>): Promise<T> {
  const since = performance.now()
  try {
    const drawn = await render()
    renders.inc({ kind, outcome: 'drawn' })
    durations.observe({ kind }, (performance.now() - since) / 1_000)
    return drawn
  } catch (error) {
    renders.inc({ kind, outcome: error instanceof AppError ? error.code : 'failed' })
    throw error
  }
}
