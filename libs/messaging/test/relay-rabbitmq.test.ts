import { randomBytes } from 'node:crypto'
import { describeWithRabbitmq, rabbitmqUrl, until } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { Channel, ChannelModel } from 'amqplib'
import {
  connectEventBus,
  createOutboxRelay,
  deadLetterQueue,
  silentLogger,
  TopologyError,
} from '../src/index.ts'
import type { EventBus, Topology } from '../src/index.ts'
import { createMessagingDatabase } from './database.ts'
import type { MessagingDatabase, Tables } from './database.ts'
import { outboxRow, putEvent, start } from './outbox-events.ts'
import { createTcpProxy } from './tcp-proxy.ts'

describeWithRabbitmq('the relay on RabbitMQ', () => {
  const exchange = 'test.events'
  let database: MessagingDatabase
  let model: ChannelModel
  let admin: Channel
  let proxy: Awaited<ReturnType<typeof createTcpProxy>>
  let queue: string
  let topology: Topology
  let bus: EventBus
  const clock = { now: start }
  const said: { message: string; err: unknown }[] = []

  const relay = (way = bus) =>
    createOutboxRelay<Tables>({
      db: database.db,
      url: database.url,
      bus: {
        ...way,
        publish: (message) => way.publish({ ...message, exchange: topology.exchanges[0]!.name }),
      },
      now: () => clock.now,
    })

  beforeAll(async () => {
    database = await createMessagingDatabase()
    model = await connect(rabbitmqUrl()!)
    admin = await model.createChannel()
  })
  afterAll(async () => {
    await model.close()
    await database.drop()
  })
  beforeEach(async () => {
    await database.clear()
    clock.now = start
    said.length = 0
    const run = `test.${randomBytes(6).toString('hex')}`
    queue = `${run}.queue`
    topology = {
      exchanges: [{ name: `${run}.${exchange}` }],
      queues: [{ name: queue }],
      bindings: [{ queue, exchange: `${run}.${exchange}`, pattern: '#' }],
    }
    proxy = await createTcpProxy(new URL(rabbitmqUrl()!))
    bus = await connectEventBus({
      url: proxy.url,
      name: 'test',
      topology,
      confirmDeadline: 300,
      logger: {
        ...silentLogger,
        error: (fields, message) => {
          said.push({ message, err: 'err' in fields ? fields.err : undefined })
        },
      },
    })
  })
  afterEach(async () => {
    await bus.close()
    await proxy.close()
    await admin.deleteQueue(queue)
    await admin.deleteQueue(deadLetterQueue(queue))
    await admin.deleteExchange(topology.exchanges[0]!.name)
  })

  test('sends an event again under its id when no confirm came in time', async () => {
    const id = await putEvent(database)
    proxy.silence(true)
    expect(await relay().drain()).toBe(0)
    const unknown = await outboxRow(database, id)
    expect(unknown).toMatchObject({ attempts: 1, published_at: null })
    expect(unknown.last_error).toMatch(/^bus\.publish-timeout/)
    proxy.silence(false)
    const seen: (string | undefined)[] = []
    await bus.subscribe({ queue }, async (delivery) => void seen.push(delivery.id))
    // It was on its way all the while.
    await until(() => seen.length === 1)
    clock.now = new Date(start.getTime() + 5_000)
    const patient = await connectEventBus({ url: rabbitmqUrl()!, name: 'patient', topology })
    expect(await relay(patient).drain()).toBe(1)
    await patient.close()
    await until(() => seen.length === 2)
    expect(seen).toEqual([id, id])
    expect((await outboxRow(database, id)).published_at).toEqual(clock.now)
  })

  test('claims nothing where the topology has turned wrong, and says which queue it is', async () => {
    proxy.refuse(true)
    proxy.cut()
    await admin.deleteQueue(queue)
    await admin.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'classic' } })
    const id = await putEvent(database)
    proxy.refuse(false)
    await until(() => bus.state() === 'failed')
    expect(await relay().drain()).toBe(0)
    expect(await outboxRow(database, id)).toMatchObject({ attempts: 0, published_at: null })
    const [last] = said.slice(-1)
    expect(last!.message).toBe('RabbitMQ will not be tried again')
    expect(last!.err).toBeInstanceOf(TopologyError)
    expect(String(last!.err)).toContain(queue)
  })
})
