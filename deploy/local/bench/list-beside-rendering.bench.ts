import { load, loadAtRate } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { basePath, startEverything } from './everything.ts'

/** The threads are never without work, and the queue before them never overflows. */
const readers = 30

export const benchmark: Benchmark = {
  title: 'the list while rendering is saturated ÷ the list alone',
  async prepare(bench) {
    const { url, headers, api } = await startEverything(bench)
    const answer = await api.get('/certificates')
    const { items } = JSON.parse(answer.text) as { items: { id: string; type: { code: string } }[] }
    const printable = items.find(({ type }) => type.code === 'AG7804')
    if (printable === undefined) throw new Error('There is nothing to print')
    const duration = bench.sized({ quick: 300, normal: 5_000 })
    const list = { path: `${basePath}/certificates`, headers }
    const pdf = { path: `${basePath}/certificates/${printable.id}/pdf`, headers }
    const ask = () => loadAtRate({ url, request: list, perSecond: 20, duration })
    return {
      notes: [
        `20 lists a second; beside them ${readers} who ask for a PDF as soon as they have the one before`,
        'all services, simulators and Postgres share one process tree and the cores of one machine here',
      ],
      contestants: {
        alone: ask,
        beside: async () => {
          const saturation = load({ url, requests: [pdf], connections: readers, duration })
          const measured = await ask()
          await saturation
          return measured
        },
      },
      figures: [
        { what: 'p99 beside ÷ alone', of: 'beside.p99', over: 'alone.p99', goal: { atMost: 1.5 } },
        { what: 'p50 beside ÷ alone', of: 'beside.p50', over: 'alone.p50' },
      ],
    }
  },
}
