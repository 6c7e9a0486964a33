import type { Kysely } from 'kysely'
import Type from 'typebox'
import {
  connectEventBus,
  createConsumer,
  createOutboxRelay,
  enqueue,
  idempotentHandler,
} from '@minaintyg/messaging'
import type { InboxTables, OutboxTables } from '@minaintyg/messaging'

interface Database extends OutboxTables, InboxTables {
  greeting: { name: string }
}

const PersonGreeted = {
  type: 'person.greeted.v1',
  data: Type.Object({ name: Type.String() }),
} as const

const topology = {
  exchanges: [{ name: 'example.events' }],
  queues: [{ name: 'example.greetings' }],
  bindings: [
    { queue: 'example.greetings', exchange: 'example.events', pattern: 'person.greeted.v1' },
  ],
}

export async function buildExample(db: Kysely<Database>, databaseUrl: string, busUrl: string) {
  const bus = await connectEventBus({ url: busUrl, name: 'example', topology })
  const relay = createOutboxRelay({ db, url: databaseUrl, bus })
  const consumer = createConsumer({
    name: 'greetings',
    bus,
    subscription: { queue: 'example.greetings' },
    handler: idempotentHandler({
      db,
      handler: 'keep-greeting',
      definition: PersonGreeted,
      handle: async ({ name }, tx) => {
        await tx.insertInto('greeting').values({ name }).execute()
      },
    }),
  })
  const greet = (name: string) =>
    db.transaction().execute(async (tx) => {
      // …the service's own changes, in the same transaction…
      await enqueue(tx, PersonGreeted, { name }, { exchange: 'example.events', source: '/example' })
    })
  return { greet, workers: [relay, consumer], close: () => bus.close() }
}
