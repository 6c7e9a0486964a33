import { loadAtRate } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import type { Served } from './servers.ts'

const servers = new URL('./servers.ts', import.meta.url)
const perSecond = 20

export const benchmark: Benchmark = {
  title: 'a document of two pages over HTTP, at a constant rate',
  async prepare(bench) {
    const { url, headers, path } = await bench.start<Served>(servers, 'startRendering')
    const duration = bench.sized({ quick: 300, normal: 4_000, full: 30_000 })
    const ask = () => loadAtRate({ url, request: { path, headers }, perSecond, duration })
    return {
      notes: [`${perSecond} a second for ${duration} ms a round; two threads`],
      contestants: { rendering: ask },
      figures: [
        { what: 'p50', of: 'rendering.p50', unit: 'ms' },
        { what: 'p95', of: 'rendering.p95', unit: 'ms', goal: { atMost: 150 } },
      ],
    }
  },
}
