import { randomBytes } from 'node:crypto'
import { createTestDatabase, rabbitmqUrl, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { connect } from 'amqplib'
import Type from 'typebox'
import {
  connectEventBus,
  createConsumer,
  createOutboxRelay,
  deadLetterQueue,
  enqueue,
  idempotentHandler,
} from '../src/index.ts'
import { createMessagingDatabase } from './database.ts'
import type { MessagingDatabase } from './database.ts'

const NoteWritten = {
  type: 'note.written.v1',
  data: Type.Object({ note: Type.String() }),
} as const

let sender: MessagingDatabase
let receiver: MessagingDatabase
let busDatabase: TestDatabase

beforeAll(async () => {
  sender = await createMessagingDatabase()
  receiver = await createMessagingDatabase()
  busDatabase = await createTestDatabase()
})
afterAll(async () => {
  await sender.drop()
  await receiver.drop()
  await busDatabase.drop()
})
beforeEach(async () => {
  await sender.clear()
  await receiver.clear()
})

const carriers: [string, () => string][] = [['pg-boss', () => busDatabase.url]]
const amqp = rabbitmqUrl()
if (amqp !== undefined) carriers.push(['RabbitMQ', () => amqp])

describe.each(carriers)('from outbox to inbox over %s', (_name, url) => {
  const run = `test.${randomBytes(6).toString('hex')}`
  const topology = {
    exchanges: [{ name: `${run}.events` }],
    queues: [{ name: `${run}.notes` }],
    bindings: [{ queue: `${run}.notes`, exchange: `${run}.events`, pattern: NoteWritten.type }],
  }

  afterAll(async () => {
    if (!url().startsWith('amqp')) return
    const model = await connect(url())
    const channel = await model.createChannel()
    await channel.deleteQueue(`${run}.notes`)
    await channel.deleteQueue(deadLetterQueue(`${run}.notes`))
    await channel.deleteExchange(`${run}.events`)
    await model.close()
  })

  test('every event has its effect exactly once, also when handlers fail and relays repeat', async () => {
    const bus = await connectEventBus({ url: url(), name: 'test', topology })
    const deliveries = new Map<string, number>()
    const consumer = createConsumer({
      name: 'notes',
      bus,
      subscription: { queue: `${run}.notes`, retryDelay: () => 10 },
      handler: idempotentHandler({
        db: receiver.db,
        handler: 'write-note',
        definition: NoteWritten,
        handle: async ({ note }, tx) => {
          const count = (deliveries.get(note) ?? 0) + 1
          deliveries.set(note, count)
          await tx.insertInto('effect').values({ note }).execute()
          if (Number(note) % 5 === 0 && count === 1) throw new Error('fails the first time')
        },
      }),
    })
    let repeats = 3
    const relay = createOutboxRelay({
      db: sender.db,
      url: sender.url,
      bus: {
        ...bus,
        publish: async (message) => {
          await bus.publish(message)
          // Confirmed, but the relay does not learn of it: it will send the same id again.
          if (repeats-- > 0) await bus.publish(message)
        },
      },
    })
    await consumer.start()
    await relay.start()
    const notes = Array.from({ length: 30 }, (_unused, index) => String(index))
    await Promise.all(
      notes.map((note) =>
        sender.db
          .transaction()
          .execute((tx) =>
            enqueue(tx, NoteWritten, { note }, { exchange: `${run}.events`, source: '/test' }),
          ),
      ),
    )
    const effects = () => receiver.db.selectFrom('effect').select('note').execute()
    await until(async () => (await effects()).length >= notes.length, { timeout: 20_000 })
    await relay.stop()
    await consumer.stop()
    await bus.close()
    expect((await effects()).map(({ note }) => note).sort()).toEqual(notes.sort())
  }, 30_000)
})
