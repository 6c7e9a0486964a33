import { randomUUID } from 'node:crypto'
import { enqueue } from '../src/index.ts'
import { ThingMade, useOutbox } from './outbox-events.ts'

const outbox = useOutbox()
const { put, row } = outbox

describe('enqueue', () => {
  test('writes a CloudEvent that commits with the caller’s own changes', async () => {
    const id = await put({ subject: 'thing-1', headers: { a: 'b' } })
    const stored = await row(id)
    expect(JSON.parse(stored.body.toString())).toEqual({
      specversion: '1.0',
      id,
      type: 'thing.made.v1',
      source: '/minaintyg/test',
      time: '2026-03-01T08:00:00.000Z',
      subject: 'thing-1',
      datacontenttype: 'application/json',
      data: { thingId: expect.any(String) },
    })
    expect(stored).toMatchObject({ routing_key: 'thing.made.v1', headers: { a: 'b' }, attempts: 0 })
  })

  test('leaves no event when the transaction is rolled back', async () => {
    const attempt = outbox.database.db.transaction().execute(async (tx) => {
      await enqueue(tx, ThingMade, { thingId: randomUUID() }, { exchange: 'e', source: '/s' })
      throw new Error('changed my mind')
    })
    await expect(attempt).rejects.toThrow('changed my mind')
    expect(await outbox.database.db.selectFrom('outbox').selectAll().execute()).toEqual([])
  })

  test.each([
    ['breaks its contract', { thingId: 'no uuid' }],
    ['is larger than 8 kB', { thingId: randomUUID(), note: 'å'.repeat(4_100) }],
  ])('refuses data that %s', async (_fault, data) => {
    const attempt = outbox.database.db
      .transaction()
      .execute((tx) => enqueue(tx, ThingMade, data, { exchange: 'e', source: '/s' }))
    await expect(attempt).rejects.toThrow('thing.made.v1')
  })
})
