import { randomBytes, randomUUID } from 'node:crypto'
import { PoisonMessageError } from '@minaintyg/errors'
import { createTestDatabase, describeWithRabbitmq, rabbitmqUrl, until } from '@minaintyg/testing'
import { connect } from 'amqplib'
import { connectEventBus, deadLetterQueue, openDeadLetters } from '../src/index.ts'
import type { DeadLetters, Delivery, EventBus, Topology } from '../src/index.ts'

/** Both kinds of bus keep to the same. */
function describeDeadLetters(open: () => Promise<{ url: string; drop: () => Promise<void> }>) {
  const run = `test.${randomBytes(6).toString('hex')}`
  const [queue, exchange] = [`${run}.queue`, `${run}.exchange`]
  const topology: Topology = {
    exchanges: [{ name: exchange }],
    queues: [{ name: queue }],
    bindings: [{ queue, exchange, pattern: 'a.*' }],
  }
  let opened: Awaited<ReturnType<typeof open>>
  let bus: EventBus
  let deadLetters: DeadLetters

  beforeAll(async () => {
    opened = await open()
    bus = await connectEventBus({ url: opened.url, name: 'test', topology })
    deadLetters = await openDeadLetters(opened.url)
  })
  afterAll(async () => {
    await deadLetters.close()
    if (opened.url.startsWith('amqp')) {
      const model = await connect(opened.url)
      const admin = await model.createChannel()
      for (const name of [queue, deadLetterQueue(queue)]) await admin.deleteQueue(name)
      await admin.deleteExchange(exchange)
      await model.close()
    }
    await bus.close()
    await opened.drop()
  })

  async function look(): Promise<Delivery[]> {
    const seen: Delivery[] = []
    await deadLetters.goThrough(queue, async (delivery) => {
      seen.push(delivery)
      return 'keep'
    })
    return seen
  }
  const idsOf = async () => (await look()).map(({ id }) => id).sort()

  async function die(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID() as string)
    const consumer = await bus.subscribe({ queue }, async () => {
      throw new PoisonMessageError('No one can read it')
    })
    for (const id of ids) {
      const body = Buffer.from(`body of ${id}`)
      await bus.publish({ exchange, routingKey: 'a.b', id, body, headers: { 'x-own': 'kept' } })
    }
    await until(async () => (await idsOf()).length === count, { timeout: 30_000 })
    await consumer.stop()
    return ids.sort()
  }
  afterEach(async () => {
    await deadLetters.goThrough(queue, async () => 'remove')
  })

  test('are seen as they were when they died, and stay', async () => {
    const ids = await die(3)
    expect(await idsOf()).toEqual(ids)
    const [first] = await look()
    expect(first).toMatchObject({
      queue,
      exchange,
      routingKey: 'a.b',
      headers: { 'x-own': 'kept' },
    })
    expect(first!.body.toString()).toBe(`body of ${first!.id}`)
    expect(await idsOf()).toEqual(ids)
  })

  test('go where it is decided: one by one, and what is not decided stays', async () => {
    const ids = await die(4)
    const left = await deadLetters.goThrough(queue, async ({ id }) => {
      if (id === ids[0]) return 'remove'
      if (id === ids[1]) return 'put-back'
      if (id === ids[2]) throw new Error('undecided')
      return 'keep'
    })
    expect(left).toBe(2)
    expect(await idsOf()).toEqual([ids[2], ids[3]])
    const again: Delivery[] = []
    const consumer = await bus.subscribe({ queue }, async (delivery) => {
      again.push(delivery)
    })
    await until(() => again.length === 1)
    await consumer.stop()
    expect(again[0]).toMatchObject({ id: ids[1], attempt: 1, headers: { 'x-own': 'kept' } })
    expect(again[0]!.body.toString()).toBe(`body of ${ids[1]}`)
  })

  test('of a queue without any are none', async () => {
    expect(await look()).toEqual([])
  })
}

describe('dead letters on Postgres', () => {
  describeDeadLetters(async () => {
    const database = await createTestDatabase()
    return { url: database.url, drop: () => database.drop() }
  })
})

describeWithRabbitmq('dead letters on RabbitMQ', () => {
  describeDeadLetters(async () => ({ url: rabbitmqUrl()!, drop: async () => undefined }))

  test('tell who published them, as the broker has checked it', async () => {
    const url = rabbitmqUrl()!
    const queue = `test.${randomBytes(6).toString('hex')}.queue`
    const model = await connect(url)
    const admin = await model.createConfirmChannel()
    await admin.assertQueue(deadLetterQueue(queue))
    const userId = decodeURIComponent(new URL(url).username)
    const death = {
      queue,
      exchange: 'receipts',
      'routing-keys': ['FKASSA.receipt'],
      reason: 'rejected',
    }
    admin.sendToQueue(deadLetterQueue(queue), Buffer.from('{}'), {
      userId,
      messageId: 'm',
      headers: { 'x-death': [death] },
    })
    await admin.waitForConfirms()
    const deadLetters = await openDeadLetters(url)
    const seen: Delivery[] = []
    await deadLetters.goThrough(queue, async (delivery) => {
      seen.push(delivery)
      return 'remove'
    })
    await deadLetters.close()
    await admin.deleteQueue(deadLetterQueue(queue))
    await model.close()
    expect(seen).toMatchObject([
      { id: 'm', exchange: 'receipts', routingKey: 'FKASSA.receipt', properties: { userId } },
    ])
  })
})
