import type { Benchmark } from '@minaintyg/bench'
import { innerQueue, recipientQueue } from '@minaintyg/contracts'
import { askDoor } from './servers.ts'
import { noRabbitmq, startOnRabbitmq } from './with-rabbitmq.ts'

const goal = 25_000

export const benchmark: Benchmark = {
  title: 'how long a queue of 25,000 dispatches takes to leave',
  async prepare(bench) {
    const started = await startOnRabbitmq(bench, 'startQueueing')
    if (started === undefined) return noRabbitmq
    const { door, bus } = started
    const count = bench.sized({ quick: 20, normal: 4_000, full: goal })
    return {
      notes: [
        `${count} at a time, of as many patients: consent asked over HTTP, numbered, signed, confirmed, marked, and each told on as delivered`,
      ],
      rounds: bench.sized({ quick: 2, normal: 5, full: 3 }),
      contestants: {
        async relay() {
          const { seconds } = await askDoor<{ seconds: number }>(door, `/drain?count=${count}`)
          const left = await bus.empty(recipientQueue('FKASSA'))
          await bus.empty(innerQueue('certificate-store', 'dispatch.delivered.v1'))
          if (left !== count) throw new Error(`${left} of ${count} are in the recipient's queue`)
          return { seconds, perSecond: count / seconds, secondsForAll: (seconds * goal) / count }
        },
      },
      figures: [
        {
          what: count === goal ? '25,000 dispatches' : '25,000 dispatches, at this rate',
          of: 'relay.secondsForAll',
          unit: 's',
          goal: { atMost: 60 },
        },
        { what: 'dispatches a second', of: 'relay.perSecond', unit: '/s' },
      ],
    }
  },
}
