import { setTimeout as pause } from 'node:timers/promises'
import { loadAtRate } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { recipientQueue } from '@minaintyg/contracts'
import { sendRequest, varySending } from './dispatch-server.ts'
import { askDoor } from './servers.ts'
import { noRabbitmq, startOnRabbitmq } from './with-rabbitmq.ts'

interface Confirmed {
  p50: number
  p99: number
  count: number
  waiting: number
}
const perSecond = 50

/** Until nothing of the round waits any more. */
async function confirmedSince(door: string, since: string, count: number): Promise<Confirmed> {
  for (;;) {
    const confirmed = await askDoor<Confirmed>(door, `/confirmed?since=${since}`)
    if (confirmed.count === count && confirmed.waiting === 0) return confirmed
    await pause(50)
  }
}

export const benchmark: Benchmark = {
  title: `from a request to send to the broker's confirm, at ${perSecond} requests a second`,
  async prepare(bench) {
    const started = await startOnRabbitmq(bench, 'startWhole')
    if (started === undefined) return noRabbitmq
    const { url, door, bus } = started
    const duration = bench.sized({ quick: 100, normal: 8_000, full: 30_000 })
    return {
      notes: [
        'from when the request was taken to when its dispatch was marked as delivered, by the clock of dispatch; open loop',
      ],
      rounds: 5,
      contestants: {
        async dispatch() {
          const headers = await askDoor<Record<string, string>>(door, '/headers')
          const since = new Date().toISOString()
          // What is refused for want of time is not accepted: it is counted, and not waited for.
          const status = [202, 503]
          const request = { ...sendRequest, status, vary: () => varySending(headers) }
          const asked = await loadAtRate({ url, request, perSecond, duration })
          const { p50, p99 } = await confirmedSince(door, since, asked.requests - asked.others)
          await bus.empty(recipientQueue('FKASSA'))
          return { p50, p99, postP50: asked.p50, postP99: asked.p99, refused: asked.others }
        },
      },
      figures: [
        {
          what: 'accepted to confirmed, p50',
          of: 'dispatch.p50',
          unit: 'ms',
          goal: { atMost: 150 },
        },
        {
          what: 'accepted to confirmed, p99',
          of: 'dispatch.p99',
          unit: 'ms',
          goal: { atMost: 1_000 },
        },
        {
          what: 'requests refused',
          of: 'dispatch.refused',
          unit: 'of a round',
          goal: { atMost: 0 },
        },
      ],
    }
  },
}
