import { randomUUID } from 'node:crypto'
import Type from 'typebox'
import { enqueue } from '../src/index.ts'
import { createMessagingDatabase } from './database.ts'
import type { MessagingDatabase } from './database.ts'

export const ThingMade = {
  type: 'thing.made.v1',
  data: Type.Object({
    thingId: Type.String({ format: 'uuid' }),
    note: Type.Optional(Type.String()),
  }),
} as const

export const start = new Date('2026-03-01T08:00:00Z')

export interface EventOptions {
  subject?: string
  id?: string
  headers?: Record<string, string>
}

/** Enqueues an event of its own transaction. */
export const putEvent = ({ db }: MessagingDatabase, options: EventOptions = {}) =>
  db
    .transaction()
    .execute((tx) =>
      enqueue(
        tx,
        ThingMade,
        { thingId: randomUUID() },
        { exchange: 'test.events', source: '/minaintyg/test', time: start, ...options },
      ),
    )

export const outboxRow = ({ db }: MessagingDatabase, id: string) =>
  db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** A database for the tests of a file, empty before each, and its outbox. */
export function useOutbox() {
  let database: MessagingDatabase
  beforeAll(async () => {
    database = await createMessagingDatabase()
  })
  afterAll(() => database.drop())
  beforeEach(() => database.clear())
  return {
    get database() {
      return database
    },
    put: (options?: EventOptions) => putEvent(database, options),
    row: (id: string) => outboxRow(database, id),
  }
}
