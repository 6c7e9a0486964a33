import { until } from '@minaintyg/testing'
import { createOutboxRelay } from '../src/index.ts'
import type { OutboxRelayOptions, OutgoingMessage } from '../src/index.ts'
import type { Tables } from './database.ts'
import { start, useOutbox } from './outbox-events.ts'

const outbox = useOutbox()
const { put, row } = outbox

function relayWith(options: Partial<OutboxRelayOptions<Tables>>) {
  const sent: OutgoingMessage[] = []
  const relay = createOutboxRelay<Tables>({
    db: outbox.database.db,
    url: outbox.database.url,
    bus: { publish: async (message) => void sent.push(message) },
    now: () => start,
    ...options,
  })
  return { relay, sent, ids: () => sent.map(({ id }) => id) }
}

describe('in a batch', () => {
  test('a question that fails for one is asked of each: the others leave', async () => {
    const [first, broken, last] = [await put(), await put(), await put()]
    const asked: number[] = []
    const { relay, ids } = relayWith({
      shouldPublish: async (tx, events) => {
        asked.push(events.length)
        await tx
          .insertInto('effect')
          .values(events.map(({ id }) => ({ note: id })))
          .execute()
        if (events.some(({ id }) => id === broken)) throw new Error('nobody knows')
        return new Map()
      },
    })
    expect(await relay.drain()).toBe(2)
    expect(asked).toEqual([3, 1, 1, 1])
    expect(ids()).toEqual([first, last])
    expect(await row(broken)).toMatchObject({
      attempts: 1,
      published_at: null,
      last_error: 'Error',
    })
    const effects = await outbox.database.db.selectFrom('effect').select('note').execute()
    expect(effects.map(({ note }) => note)).toEqual([first, last])
  })

  test('an error as the answer for one is a failed attempt of that one alone', async () => {
    const [sound, unknown] = [await put(), await put()]
    const { relay, ids } = relayWith({
      shouldPublish: async () => new Map([[unknown, { error: new TypeError('no answer') }]]),
    })
    expect(await relay.drain()).toBe(1)
    expect(ids()).toEqual([sound])
    expect(await row(unknown)).toMatchObject({ attempts: 1, last_error: 'TypeError' })
  })

  test('what beforePublish gives leaves in place of what was stored, and a throw for one stops that one', async () => {
    const [plain, completed, broken] = [await put(), await put(), await put()]
    const body = Buffer.from('{"complete":true}')
    const { relay, sent } = relayWith({
      beforePublish: async (events) => {
        if (events.some(({ id }) => id === broken)) throw new Error('no number')
        return new Map([[completed, { body, headers: { signed: 'yes' } }]])
      },
    })
    expect(await relay.drain()).toBe(2)
    expect(sent).toMatchObject([
      { id: plain, body: (await row(plain)).body, headers: {} },
      { id: completed, body, headers: { signed: 'yes' } },
    ])
    expect(await row(broken)).toMatchObject({ attempts: 1, published_at: null })
  })
})

describe('a full batch', () => {
  test('has another begin before its confirms are there, and each subject keeps its order', async () => {
    const subjects = ['a', 'b', 'a', 'b', 'c', 'd', 'a', 'e']
    const put8: string[] = []
    for (const subject of subjects) put8.push(await put({ subject }))
    const began: string[] = []
    const confirmed: string[] = []
    const { relay } = relayWith({
      batchSize: 2,
      bus: {
        publish: async ({ id }) => {
          began.push(id)
          // The first two wait for others, which only another batch can bring.
          await until(() => began.length >= 4, { timeout: 60_000 })
          confirmed.push(id)
        },
      },
    })
    expect(await relay.drain()).toBe(8)
    expect([...began].sort()).toEqual([...put8].sort())
    for (const subject of ['a', 'b']) {
      const own = put8.filter((_id, index) => subjects[index] === subject)
      expect(confirmed.filter((id) => own.includes(id))).toEqual(own)
    }
  })
})
