import { randomUUID } from 'node:crypto'
import { until } from '@minaintyg/testing'
import { sql } from 'kysely'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterAll(async () => {
  await dispatch.stop()
})

interface Page {
  items: { id: string; data: { dispatchId: string; sequence: number } }[]
  nextAfter: number
}
const feed = async (after: number, limit = 7): Promise<Page> => {
  const url = `/recipient/dispatches?after=${after}&limit=${limit}`
  const answer = await dispatch.calls.recipient('GET', url)
  expect(answer.statusCode).toBe(200)
  return answer.json()
}

/** What is refused for want of time is asked again under the same key, as callers do. */
async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const key = randomUUID()
  let id = ''
  await until(
    async () => {
      const answer = await dispatch.calls.send(certificate, { key })
      id = answer.json().id
      return answer.statusCode === 202
    },
    { timeout: 60_000 },
  )
  return { certificate, id }
}

/**
 * Until nothing waits any more. A question about consent may have come too late on a busy machine: then the event stays, with
 * a failed attempt, and leaves at the next.
 */
async function drainAll(relays = [dispatch.service.relay]) {
  await until(
    async () => {
      await dispatch.db
        .updateTable('outbox')
        .set({ next_attempt_at: new Date(0) })
        .where('published_at', 'is', null)
        .where('cancelled_at', 'is', null)
        .execute()
      for (const relay of relays) await relay.drain()
      const pending = await dispatch.db
        .selectFrom('outbox')
        .select('id')
        .where('published_at', 'is', null)
        .where('cancelled_at', 'is', null)
        .execute()
      return pending.length === 0
    },
    { timeout: 60_000 },
  )
}

test('a reader who pages all the time misses nothing, whoever commits late', async () => {
  const replica = await dispatch.startReplica()
  const seen: Page['items'] = []
  const reading = { on: true, after: 0 }
  const reader = (async () => {
    for (;;) {
      const { on } = reading
      const page = await feed(reading.after)
      seen.push(...page.items)
      reading.after = page.nextAfter
      // A last look after the last commit, and no more.
      if (!on && page.items.length === 0) return
    }
  })()

  const sent: string[] = []
  const relays = [dispatch.service.relay, replica.relay]
  for (let round = 0; round < 4; round += 1) {
    const batch = await Promise.all(Array.from({ length: 12 }, send))
    sent.push(...batch.map(({ id }) => id))
    await Promise.all([
      ...relays.map((relay) => relay.drain()),
      ...batch
        .slice(0, 3)
        .map(({ certificate }) =>
          dispatch.calls.patient(certificate.patientId, 'POST', '/cancellations'),
        ),
    ])
  }
  await drainAll(relays)
  reading.on = false
  await reader
  await replica.app.close()

  const numbers = seen.map(({ data }) => data.sequence)
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1))
  const { items } = await feed(0, 1000)
  expect(seen.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
  // At least once: what came twice came under the same number, the same bytes.
  const leaving = dispatch.recording.to('minaintyg.dispatch').map(({ body }) => body.toString())
  const published = [...new Set(leaving)].map((body) => Number(JSON.parse(body).data.sequence))
  expect(published.sort((a, b) => a - b)).toEqual(numbers)

  const seenDispatches = new Set(seen.map(({ data }) => data.dispatchId))
  const rows = await dispatch.db
    .selectFrom('dispatch')
    .select(['id', 'state', 'delivered_at'])
    .where('id', 'in', sent)
    .execute()
  const left = rows.filter((row) => row.delivered_at !== null)
  expect(left.length).toBeGreaterThanOrEqual(36)
  expect(left.filter(({ id }) => !seenDispatches.has(id))).toEqual([])
  const unseen = rows.filter(({ id }) => !seenDispatches.has(id))
  expect(unseen.filter(({ state }) => state !== 'cancelled')).toEqual([])
})

test('a number whose transaction is not over holds the next one back, not the reader', async () => {
  const [first, second] = [await send(), await send()]
  const { nextAfter } = await feed(0, 1000)
  await dispatch.owner.query('begin')
  try {
    // Someone has taken the next number and has not committed: what a sequence would let others overtake.
    await dispatch.owner.query(
      `update recipient_counter set last_sequence = last_sequence + 1 where recipient_id = 'FKASSA'`,
    )
    const drained = drainAll()
    await until(async () => {
      const { rows } = await sql`
        select pid from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()`.execute(dispatch.db)
      return rows.length > 0
    })
    expect(await feed(nextAfter, 1000)).toMatchObject({ items: [], nextAfter })
    await dispatch.owner.query('rollback')
    await drained
  } finally {
    await dispatch.owner.query('rollback')
  }
  const { items } = await feed(nextAfter, 1000)
  expect(items.map(({ data }) => data.sequence)).toEqual([nextAfter + 1, nextAfter + 2])
  expect(items.map(({ data }) => data.dispatchId).sort()).toEqual([first.id, second.id].sort())
})

test('a long transaction elsewhere stalls neither what leaves nor what is removed', async () => {
  const { certificate, id } = await send()
  await dispatch.owner.query('begin isolation level repeatable read')
  try {
    // It has seen everything, and holds a finished row besides.
    await dispatch.owner.query('select * from outbox')
    const held = await dispatch.owner.query<{ id: string }>(
      'select id from outbox where published_at is not null limit 1 for update',
    )
    await drainAll()
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
    const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60_000)
    await dispatch.db
      .updateTable('outbox')
      .set({ published_at: longAgo })
      .where('published_at', 'is not', null)
      .where('id', '<>', held.rows[0]!.id)
      .execute()
    await dispatch.service.retention.run()
    const left = await dispatch.db
      .selectFrom('outbox')
      .select('id')
      .where('published_at', 'is not', null)
      .execute()
    expect(left).toEqual(held.rows)
  } finally {
    await dispatch.owner.query('rollback')
  }
})
