import type { Benchmark, Metrics } from '@minaintyg/bench'
import type { Started } from './event-loop-servers.ts'

const servers = new URL('./event-loop-servers.ts', import.meta.url)

export const benchmark: Benchmark = {
  title: 'how long a journal’s answer of 4 MB and 200 certificates holds the event loop at a time',
  async prepare(bench) {
    const { url: database } = await bench.database('certificate-store')
    const certificates = bench.sized({ quick: 5, normal: 200 })
    const sizes = { certificates, bytesOfEach: 20_000 }
    const { url: journal } = await bench.start<Started>(servers, 'startJournal', sizes)
    const store = await bench.start<Started>(servers, 'startStore', { database, journal })
    const open = (patients: number) => async () => {
      const answer = await fetch(`${store.url}/?patients=${patients}`)
      if (!answer.ok) throw new Error(`The store answered ${answer.status}`)
      return (await answer.json()) as Metrics
    }
    const goal = { atMost: 50 }
    return {
      notes: [
        'from the request of the list to its answer: asked, read, structured, sealed, stored',
      ],
      contestants: { one: open(1), eight: open(8) },
      warmUps: 1,
      rounds: 5,
      figures: [
        { what: 'longest hold, one patient', of: 'one.longestHold', unit: 'ms', goal },
        { what: 'longest hold, eight patients', of: 'eight.longestHold', unit: 'ms', goal },
      ],
    }
  },
}
