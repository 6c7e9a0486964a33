import type { Benchmark } from '@minaintyg/bench'
import { createRenderer } from '../src/renderings/renderer.ts'
import { examples } from '../test/examples.ts'

const megabytes = () => process.memoryUsage.rss() / 1024 ** 2

/** With all threads busy: memory of the process, as the system sees it, after a part and after all. */
export const benchmark: Benchmark = {
  title: 'memory after four times as many documents ÷ after the first part of them',
  async prepare(bench) {
    const renderer = createRenderer({ threads: 2, queue: 4, deadline: 60_000, memory: 512 })
    bench.onEnd(() => renderer.close())
    const certificates = Object.values(examples).map(({ certificate }) => certificate)
    let drawn = 0

    async function draw(count: number): Promise<void> {
      const until = drawn + count
      const one = async () => {
        while (drawn < until) {
          const certificate = certificates[drawn % certificates.length]
          drawn += 1
          if (certificate !== undefined) await renderer.render(certificate)
        }
      }
      await Promise.all([one(), one()])
    }
    const part = bench.sized({ quick: 6, normal: 500, full: 2_500 })
    return {
      notes: [`${part} documents, then ${3 * part} more`],
      rounds: 1,
      warmUps: 0,
      contestants: {
        memory: async () => {
          await draw(part)
          const first = megabytes()
          await draw(3 * part)
          return { first, last: megabytes() }
        },
      },
      figures: [
        { what: 'after the first part', of: 'memory.first', unit: 'MB' },
        { what: 'after all', of: 'memory.last', unit: 'MB' },
        {
          what: 'growth',
          of: 'memory.last',
          over: 'memory.first',
          goal: { atMost: 1.1 },
        },
      ],
    }
  },
}
