import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import pg from 'pg'
import { closedBus, openBenchBus } from './bench-bus.ts'
import type { BenchQueues } from './bench-bus.ts'
import { runDispatch, sendRequest, varySending } from './dispatch-server.ts'
import type { RunningDispatch } from './dispatch-server.ts'
import { multiply } from './multiply.ts'

/** Two addresses: the service's own, and a door to what is behind it. */
export interface Served {
  url: string
  door: string
  stop: () => Promise<void>
}

/** A question to a door. */
export async function askDoor<T>(door: string, path: string): Promise<T> {
  const answer = await fetch(door + path)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

const patientId = randomUUID()

function openDoor(dispatch: RunningDispatch) {
  const door = Fastify({ logger: false })
  // Anew for each round, as they are good for minutes only.
  door.get('/headers', () => dispatch.tokens.patient('dispatch', patientId))
  return {
    door,
    /** @param ends what ends after the door and the service, in this order */
    serve: async (...ends: (() => Promise<unknown>)[]): Promise<Served> => {
      await door.listen({ host: '127.0.0.1', port: 0 })
      return {
        url: dispatch.url,
        door: `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`,
        async stop() {
          for (const end of [() => door.close(), dispatch.close, ...ends]) await end()
        },
      }
    },
  }
}

/** Takes requests, and what it takes stays in its outbox. */
export async function startSending(options: {
  database: string
  neighboursUrl: string
}): Promise<Served> {
  const dispatch = await runDispatch({ ...options, bus: closedBus })
  return openDoor(dispatch).serve()
}

/** One dispatch by the service's own route: what others are made of. */
async function sendOne({ service, tokens }: RunningDispatch): Promise<string> {
  const { path, headers } = varySending(await tokens.patient('dispatch', patientId))
  const { method, body } = sendRequest
  const answer = await service.app.inject({ method, url: path, headers, payload: body })
  if (answer.statusCode !== 202) throw new Error(answer.body)
  return answer.json<{ id: string }>().id
}

const outcome = `
select count(*)::int as dispatches, count(*) filter (where state = 'delivered')::int as delivered,
  (select count(*)::int from outbox where published_at is null) as waiting from dispatch`

/** With a real bus: GET /drain?count=n queues n dispatches and has the relay carry them all. */
export async function startQueueing(options: {
  database: string
  /** As who may empty tables between rounds. */
  ownerUrl: string
  neighboursUrl: string
  queues: BenchQueues
}): Promise<Served> {
  const bus = await openBenchBus(options.queues)
  const dispatch = await runDispatch({ ...options, bus: bus.bus })
  const pool = new pg.Pool({ connectionString: options.ownerUrl, max: 2 })
  const { door, serve } = openDoor(dispatch)

  door.get<{ Querystring: { count: string } }>('/drain', async ({ query }) => {
    const count = Number(query.count)
    await pool.query('truncate dispatch, timeline_entry, recipient_event, receipt, outbox')
    const original = await sendOne(dispatch)
    await multiply(pool, original, count - 1)
    const began = performance.now()
    await dispatch.service.relay.drain()
    const seconds = (performance.now() - began) / 1_000
    const { rows } = await pool.query<Record<string, number>>(outcome)
    const [{ dispatches, delivered, waiting } = {}] = rows
    if (dispatches !== count || delivered !== count || waiting !== 0) {
      throw new Error(`Of ${count}: ${JSON.stringify(rows[0])}`)
    }
    return { seconds }
  })
  return serve(
    () => pool.end(),
    () => bus.close(),
  )
}

const confirmTimes = `
select percentile_cont(0.5) within group (order by took) as p50, percentile_cont(0.99) within group (order by took) as p99,
  count(*)::int as count, count(*) filter (where took is null)::int as waiting
from (select 1000 * extract(epoch from delivered_at - requested_at)::float8 as took from dispatch
  where requested_at >= $1) as since`

/** With a real bus and all workers. GET /confirmed?since= says how long confirms took, in milliseconds. */
export async function startWhole(options: {
  database: string
  neighboursUrl: string
  queues: BenchQueues
}): Promise<Served> {
  const bus = await openBenchBus(options.queues)
  const dispatch = await runDispatch({ ...options, bus: bus.bus })
  for (const worker of dispatch.service.workers) await worker.start()
  const pool = new pg.Pool({ connectionString: options.database, max: 2 })
  const { door, serve } = openDoor(dispatch)

  door.get<{ Querystring: { since: string } }>('/confirmed', async ({ query }) => {
    const { rows } = await pool.query<Record<string, number>>(confirmTimes, [query.since])
    return rows[0]
  })
  return serve(
    () => pool.end(),
    () => bus.close(),
  )
}
