import { until } from '@minaintyg/testing'
import { sql } from 'kysely'
import { BusUnavailableError, createOutboxRelay, UnroutableError } from '../src/index.ts'
import type { BusState, OutboxRelayOptions, OutgoingMessage } from '../src/index.ts'
import { start, useOutbox } from './outbox-events.ts'
import type { Tables } from './database.ts'

const outbox = useOutbox()
const { put, row } = outbox

/** A broker that takes everything, or fails as it is told. */
function createBroker() {
  const sent: OutgoingMessage[] = []
  let failure: Error | undefined
  let current: BusState = 'ready'
  return {
    sent,
    fail: (error: Error | undefined) => {
      failure = error
    },
    become: (state: BusState) => {
      current = state
    },
    bus: {
      state: () => current,
      publish: async (message: OutgoingMessage) => {
        if (failure !== undefined) throw failure
        sent.push(message)
      },
    },
  }
}

/** A relay whose clock the test moves. */
function relayAt(options: Partial<OutboxRelayOptions<Tables>> = {}) {
  const broker = createBroker()
  const clock = { now: new Date(start) }
  const relay = createOutboxRelay<Tables>({
    db: outbox.database.db,
    url: outbox.database.url,
    bus: broker.bus,
    now: () => clock.now,
    ...options,
  })
  return { ...broker, relay, clock }
}

describe('the relay', () => {
  test('publishes the stored bytes under the event’s id and marks the row', async () => {
    const { relay, sent } = relayAt()
    const id = await put({ headers: { a: 'b' } })
    expect(await relay.drain()).toBe(1)
    const stored = await row(id)
    expect(sent).toEqual([
      {
        exchange: 'test.events',
        routingKey: 'thing.made.v1',
        id,
        body: stored.body,
        headers: { a: 'b' },
      },
    ])
    expect(stored.published_at).toEqual(start)
    expect(await relay.drain()).toBe(0)
  })

  test('keeps a row whose publishing failed, with the reason and without the message of others', async () => {
    const { relay, fail } = relayAt()
    const id = await put()
    fail(new UnroutableError('test.events', 'thing.made.v1'))
    expect(await relay.drain()).toBe(0)
    expect(await row(id)).toMatchObject({
      published_at: null,
      attempts: 1,
      last_error: 'bus.unroutable: No queue is bound to test.events for thing.made.v1',
    })
    const another = await put()
    fail(new TypeError('191212121212 is in here'))
    await relay.drain()
    expect((await row(another)).last_error).toBe('TypeError')
  })

  test('climbs the ladder by its clock and parks the event after the last attempt', async () => {
    const parked: string[] = []
    const { relay, fail, clock } = relayAt({
      onParked: async (tx, event) => {
        parked.push(event.id)
        await tx
          .insertInto('effect')
          .values({ note: `parked ${event.attempts}` })
          .execute()
      },
    })
    const id = await put()
    fail(new BusUnavailableError('test'))
    await relay.drain()
    const waits: number[] = []
    for (;;) {
      const { next_attempt_at, parked_at } = await row(id)
      if (parked_at !== null) break
      const wait = next_attempt_at.getTime() - clock.now.getTime()
      waits.push(wait / 1_000)
      clock.now = new Date(next_attempt_at.getTime() - 1)
      await relay.drain()
      clock.now = new Date(next_attempt_at)
      await relay.drain()
    }
    const hour = 3_600
    expect(waits).toEqual([5, 300, 1_800, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour)])
    expect(clock.now.getTime() - start.getTime()).toBeGreaterThanOrEqual(72 * hour * 1_000)
    expect(await row(id)).toMatchObject({ attempts: 10, published_at: null })
    expect(parked).toEqual([id])
    expect(await outbox.database.db.selectFrom('effect').select('note').execute()).toEqual([
      { note: 'parked 10' },
    ])
    fail(undefined)
    expect(await relay.drain()).toBe(0)
  })

  test('lets two relays share twenty rows without overlap', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => put()))
    const taken: Record<'one' | 'two', string[]> = { one: [], two: [] }
    const relays = (['one', 'two'] as const).map((name) =>
      createOutboxRelay<Tables>({
        db: outbox.database.db,
        url: outbox.database.url,
        batchSize: 3,
        bus: {
          publish: async ({ id }) => {
            taken[name].push(id)
            await until(() => taken.one.length > 0 && taken.two.length > 0)
          },
        },
      }),
    )
    await Promise.all(relays.map((relay) => relay.drain()))
    expect([...taken.one, ...taken.two].sort()).toEqual(ids.sort())
  })

  test('sends events of one subject in order, and holds them behind one that failed', async () => {
    const { relay, sent, fail, clock } = relayAt()
    const [first, second] = [await put({ subject: 's' }), await put({ subject: 's' })]
    const other = await put({ subject: 'other' })
    fail(new BusUnavailableError('test'))
    await relay.drain()
    fail(undefined)
    await relay.drain()
    expect(sent).toEqual([])
    clock.now = new Date(start.getTime() + 5_000)
    await relay.drain()
    expect(sent.map(({ id }) => id)).toEqual([first, other, second])
  })

  test('does not let a second relay overtake within a subject', async () => {
    const [first, second] = [await put({ subject: 's' }), await put({ subject: 's' })]
    const sent: string[] = []
    const slow = relayAt({
      beforePublish: async () => {
        await relayAt({ bus: { publish: async ({ id }) => void sent.push(id) } }).relay.drain()
        return new Map()
      },
    })
    await slow.relay.drain()
    expect(sent).toEqual([])
    expect(slow.sent.map(({ id }) => id)).toEqual([first, second])
  })

  test('asks before an event leaves, and cancels it on that word', async () => {
    const { relay, sent } = relayAt({
      shouldPublish: async (tx, events) => {
        await tx
          .insertInto('effect')
          .values(events.map(({ subject }) => ({ note: subject ?? '' })))
          .execute()
        return new Map(
          events.filter(({ subject }) => subject === 'withdrawn').map(({ id }) => [id, 'cancel']),
        )
      },
    })
    const cancelled = await put({ subject: 'withdrawn' })
    const kept = await put({ subject: 'given' })
    await relay.drain()
    expect(sent.map(({ id }) => id)).toEqual([kept])
    expect(await row(cancelled)).toMatchObject({ cancelled_at: start, published_at: null })
    expect(await outbox.database.db.selectFrom('effect').selectAll().execute()).toHaveLength(2)
  })

  test('counts a failed question as a failed attempt and sends nothing', async () => {
    const { relay, sent } = relayAt({
      shouldPublish: async () => {
        throw new Error('consent does not answer')
      },
    })
    const id = await put()
    await relay.drain()
    expect(sent).toEqual([])
    expect(await row(id)).toMatchObject({ attempts: 1, cancelled_at: null })
  })

  test('commits what onPublished does together with the mark', async () => {
    const { relay } = relayAt({
      onPublished: async (tx, events) => {
        await tx
          .insertInto('effect')
          .values(events.map(({ id }) => ({ note: id })))
          .execute()
      },
    })
    const id = await put()
    await relay.drain()
    expect(await outbox.database.db.selectFrom('effect').select('note').execute()).toEqual([
      { note: id },
    ])
  })

  test('undoes a failing onPublished alone and sends that event again under its id', async () => {
    const [broken, sound] = [await put(), await put()]
    let fails = true
    const { relay, sent, clock } = relayAt({
      onPublished: async (tx, events) => {
        await tx
          .insertInto('effect')
          .values(events.map(({ id }) => ({ note: id })))
          .execute()
        if (fails && events.some(({ id }) => id === broken)) throw new Error('a rule broke')
      },
    })
    await relay.drain()
    expect((await row(broken)).published_at).toBeNull()
    expect((await row(sound)).published_at).toEqual(start)
    fails = false
    clock.now = new Date(start.getTime() + 300_000)
    await relay.drain()
    expect(sent.map(({ id }) => id)).toEqual([broken, sound, broken])
    const notes = await outbox.database.db.selectFrom('effect').select('note').execute()
    expect(notes.map(({ note }) => note).sort()).toEqual([broken, sound].sort())
  })

  test('adds the headers of beforePublish, as a signature is', async () => {
    const { relay, sent } = relayAt({
      beforePublish: async (events) =>
        new Map(events.map(({ id, body }) => [id, { headers: { size: `${body.length}` } }])),
    })
    await put({ headers: { a: 'b' } })
    await relay.drain()
    expect(sent[0]!.headers).toEqual({ a: 'b', size: `${sent[0]!.body.length}` })
  })

  test('sends again under the same id when the database was lost between confirm and mark', async () => {
    const sent: string[] = []
    const { relay } = relayAt({
      bus: {
        publish: async ({ id }) => {
          sent.push(id)
          if (sent.length > 1) return
          await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and state = 'idle in transaction'`.execute(
            outbox.database.db,
          )
        },
      },
    })
    const id = await put()
    await expect(relay.drain()).rejects.toThrow()
    expect((await row(id)).published_at).toBeNull()
    expect(await relay.drain()).toBe(1)
    expect(sent).toEqual([id, id])
    expect((await row(id)).published_at).toEqual(start)
  })

  test('claims nothing while the bus is blocked', async () => {
    const { relay, sent, become } = relayAt()
    const id = await put()
    become('blocked')
    expect(await relay.drain()).toBe(0)
    expect((await row(id)).attempts).toBe(0)
    become('ready')
    expect(await relay.drain()).toBe(1)
    expect(sent).toHaveLength(1)
  })

  test('is woken by NOTIFY and stops with what is under way done', async () => {
    const { relay, sent } = relayAt({ pollInterval: 600_000 })
    await relay.start()
    const id = await put()
    await until(() => sent.length === 1)
    await relay.stop()
    expect((await row(id)).published_at).toEqual(start)
    await put()
    expect(sent).toHaveLength(1)
  })
})
