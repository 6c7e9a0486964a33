import { availableParallelism } from 'node:os'
import { load, loadAtRate } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { print } from './printers.ts'
import type { Printers } from './printers.ts'
import { startServiceProcesses } from './service-processes.ts'
import { basePath } from './visit.ts'

const listsPerSecond = 15
/** More than it can draw: its queue is full, and it refuses what is too much. */
const overload = 1.5

export const benchmark: Benchmark = {
  title: 'the list while rendering is saturated ÷ the list alone',
  async prepare(bench) {
    const threads = Math.max(1, availableParallelism() - 1)
    const { url, headers, items } = await startServiceProcesses(bench, {
      RENDER_THREADS: String(threads),
    })
    const printable = items.find(({ type }) => type.code === 'AG7804')
    if (printable === undefined) throw new Error('There is nothing to print')
    const duration = bench.sized({ quick: 300, normal: 15_000 })
    const filling = bench.sized({ quick: 0, normal: 3_000 })
    const list = { path: `${basePath}/certificates`, headers }
    const pdf = { path: `${basePath}/certificates/${printable.id}/pdf`, headers }

    // The second time, when the compiler has seen it.
    const draw = () =>
      load({ url, requests: [pdf], connections: 2 * threads, duration: duration / 3 })
    await draw()
    const { perSecond: drawn } = await draw()
    const offered = overload * drawn
    const printers = await bench.start<Printers>(
      new URL('./printers.ts', import.meta.url),
      'startPrinters',
      { url, request: { ...pdf, status: [200, 503] } },
    )
    const ask = () => loadAtRate({ url, request: list, perSecond: listsPerSecond, duration })
    return {
      notes: [
        `${listsPerSecond} lists a second, whether those before are answered or not`,
        `beside them ${offered.toFixed(0)} PDFs a second, where ${threads} threads draw ${drawn.toFixed(0)}`,
        'a process for each service, for Postgres and for those who print; they and who asks for lists share the cores of one machine',
      ],
      contestants: {
        alone: ask,
        beside: async () => {
          const saturating = print(printers, { perSecond: offered, duration: filling + duration })
          await new Promise((resolve) => setTimeout(resolve, filling))
          const measured = await ask()
          const { requests, others } = await saturating
          return { ...measured, refused: others / requests }
        },
      },
      rounds: 5,
      figures: [
        { what: 'p99 beside ÷ alone', of: 'beside.p99', over: 'alone.p99', goal: { atMost: 1.5 } },
        { what: 'p50 beside ÷ alone', of: 'beside.p50', over: 'alone.p50' },
        { what: 'share of PDFs refused', of: 'beside.refused' },
      ],
    }
  },
}
