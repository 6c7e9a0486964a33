import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { removeFinishedEvents } from '../src/index.ts'
import { createMessagingDatabase } from './database.ts'
import type { MessagingDatabase } from './database.ts'
import { putEvent } from './outbox-events.ts'

let database: MessagingDatabase

beforeAll(async () => {
  database = await createMessagingDatabase()
})
afterAll(() => database.drop())
beforeEach(() => database.clear())

/** Thirty days after what is either just due or not yet. */
const now = new Date('2026-05-31T00:00:00Z')
const earlier = new Date('2026-04-30T23:59:59Z')
const later = new Date('2026-05-01T00:00:01Z')

async function putFinished(change: Record<string, Date>): Promise<string> {
  const id = await putEvent(database)
  await database.db.updateTable('outbox').set(change).where('id', '=', id).execute()
  return id
}
const putHandled = (moments: { handled_at?: Date; dead_at?: Date }) =>
  database.db
    .insertInto('inbox')
    .values({ event_id: randomUUID(), handler: 'test', last_error: null, ...moments })
    .execute()
const remaining = async () =>
  (await database.db.selectFrom('outbox').select('id').execute()).map(({ id }) => id).sort()

test('what left or was cancelled long ago is gone; what waits, is parked or is recent stays', async () => {
  await putFinished({ published_at: earlier })
  await putFinished({ cancelled_at: earlier })
  const kept = [
    await putFinished({ published_at: later }),
    await putFinished({ parked_at: earlier }),
    await putEvent(database),
  ]
  expect(await removeFinishedEvents(database.db, now)).toEqual({ outbox: 2, inbox: 0 })
  expect(await remaining()).toEqual(kept.sort())
})

test('of the inbox goes what was handled long ago, and never what is dead', async () => {
  await putHandled({ handled_at: earlier })
  await putHandled({ handled_at: later })
  await putHandled({ dead_at: earlier })
  expect(await removeFinishedEvents(database.db, now)).toEqual({ outbox: 0, inbox: 1 })
  expect(await database.db.selectFrom('inbox').select('event_id').execute()).toHaveLength(2)
})

test('more than a batch goes, and two at once do not wait for each other', async () => {
  await sql`insert into inbox (event_id, handler, handled_at)
    select gen_random_uuid(), 'test', ${earlier} from generate_series(1, 2500)`.execute(database.db)
  const both = await Promise.all([
    removeFinishedEvents(database.db, now),
    removeFinishedEvents(database.db, now),
  ])
  expect(both.reduce((sum, { inbox }) => sum + inbox, 0)).toBe(2_500)
})
