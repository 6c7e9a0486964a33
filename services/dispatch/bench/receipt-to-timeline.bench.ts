import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { exchanges, recipientQueue } from '@minaintyg/contracts'
import type { EventBus } from '@minaintyg/messaging'
import { sendRequest, varySending } from './dispatch-server.ts'
import { askDoor } from './servers.ts'
import { noRabbitmq, startOnRabbitmq } from './with-rabbitmq.ts'

type Headers = Record<string, string>
const perSecond = 50
/** Milliseconds between looks; so much of a figure may be the looking. */
const lookEvery = 10

async function stateOf(url: string, id: string, headers: Headers): Promise<string> {
  const answer = await fetch(`${url}/dispatches/${id}`, { headers })
  if (!answer.ok) throw new Error(`GET /dispatches answered ${answer.status}`)
  return ((await answer.json()) as { state: string }).state
}

async function untilState(url: string, id: string, headers: Headers, wanted: string) {
  while ((await stateOf(url, id, headers)) !== wanted) await pause(lookEvery)
}

/** A dispatch that the broker has taken. */
async function deliver(url: string, headers: Headers): Promise<string> {
  const { path, headers: all } = varySending(headers)
  const { method, body } = sendRequest
  const answer = await fetch(url + path, { method, headers: all, body })
  if (answer.status !== 202) throw new Error(`POST answered ${answer.status}`)
  const { id } = (await answer.json()) as { id: string }
  await untilState(url, id, headers, 'delivered')
  return id
}

/** As a recipient says that it has decided. */
async function publishAccepted(bus: EventBus, dispatchId: string): Promise<void> {
  const [id, at] = [randomUUID(), new Date().toISOString()]
  const type = 'se.minaintyg.receipt.accepted.v1'
  const event = {
    specversion: '1.0',
    id,
    type,
    source: '/recipients/FKASSA',
    time: at,
    datacontenttype: 'application/json',
    data: { dispatchId, at },
  }
  const body = Buffer.from(JSON.stringify(event))
  await bus.publish({ exchange: exchanges.receipts, routingKey: `FKASSA.${type}`, id, body })
}

export const benchmark: Benchmark = {
  title: "from a recipient's receipt to the patient's timeline",
  async prepare(bench) {
    const started = await startOnRabbitmq(bench, 'startWhole')
    if (started === undefined) return noRabbitmq
    const { url, door, bus } = started
    const count = bench.sized({ quick: 5, normal: 250, full: 1_500 })

    async function bookAt(due: number, id: string, headers: Headers): Promise<number> {
      await pause(Math.max(0, due - performance.now()))
      await publishAccepted(bus.bus, id)
      await untilState(url, id, headers, 'accepted')
      return performance.now() - due
    }

    return {
      notes: [
        `${count} receipts, ${perSecond} a second; from when each was due to be published to when GET shows it, looked at every ${lookEvery} ms`,
      ],
      rounds: 5,
      contestants: {
        async receipts() {
          const headers = await askDoor<Headers>(door, '/headers')
          const ids: string[] = []
          while (ids.length < count) {
            const some = Math.min(20, count - ids.length)
            ids.push(
              ...(await Promise.all(Array.from({ length: some }, () => deliver(url, headers)))),
            )
          }
          const began = performance.now()
          const took = await Promise.all(
            ids.map((id, index) => bookAt(began + (index * 1_000) / perSecond, id, headers)),
          )
          await bus.empty(recipientQueue('FKASSA'))
          return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) }
        },
      },
      figures: [
        { what: 'receipt to timeline, p50', of: 'receipts.p50', unit: 'ms' },
        {
          what: 'receipt to timeline, p99',
          of: 'receipts.p99',
          unit: 'ms',
          goal: { atMost: 5_000 },
        },
      ],
    }
  },
}
