import { randomBytes, randomUUID } from 'node:crypto'
import { describeWithRabbitmq, rabbitmqUrl, until } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { Channel, ChannelModel } from 'amqplib'
import {
  connectEventBus,
  deadLetterQueue,
  PublishRejectedError,
  PublishTimeoutError,
  TopologyError,
  UnroutableError,
} from '../src/index.ts'
import type { BusState, EventBus, EventBusOptions, Topology } from '../src/index.ts'
import { createTcpProxy } from './tcp-proxy.ts'

describeWithRabbitmq('the RabbitMQ adapter, when things go wrong', () => {
  let model: ChannelModel
  let admin: Channel
  let topology: Topology
  let queue: string
  let exchange: string
  let buses: EventBus[]
  let proxy: Awaited<ReturnType<typeof createTcpProxy>>

  const join = async (options: Partial<EventBusOptions> = {}) => {
    const bus = await connectEventBus({ url: proxy.url, name: 'test', topology, ...options })
    buses.push(bus)
    return bus
  }
  const message = () => ({ exchange, routingKey: 'a', id: randomUUID(), body: Buffer.from('{}') })

  beforeEach(async () => {
    const run = `test.${randomBytes(6).toString('hex')}`
    ;[queue, exchange] = [`${run}.queue`, `${run}.exchange`]
    topology = {
      exchanges: [{ name: exchange }],
      queues: [{ name: queue }],
      bindings: [{ queue, exchange, pattern: 'a' }],
    }
    buses = []
    proxy = await createTcpProxy(new URL(rabbitmqUrl()!))
    model = await connect(rabbitmqUrl()!)
    admin = await model.createChannel()
  })
  afterEach(async () => {
    await Promise.all(buses.map((bus) => bus.close()))
    await proxy.close()
    await admin.deleteQueue(queue)
    await admin.deleteQueue(deadLetterQueue(queue))
    await admin.deleteExchange(exchange)
    await model.close()
  })

  test('recovers when the connection is cut: publishing and consuming go on', async () => {
    const bus = await join()
    const states: BusState[] = []
    bus.onStateChange((state) => states.push(state))
    const seen: string[] = []
    await bus.subscribe({ queue }, async ({ id }) => void seen.push(id!))
    proxy.refuse(true)
    proxy.cut()
    await until(() => bus.state() === 'connecting')
    await expect(bus.publish(message())).rejects.toMatchObject({ code: 'bus.unavailable' })
    proxy.refuse(false)
    await until(() => bus.state() === 'ready')
    const sent = message()
    await bus.publish(sent)
    await until(() => seen.includes(sent.id))
    expect(states).toEqual(['connecting', 'ready'])
  })

  test('fails what awaits its confirm when the connection is cut', async () => {
    const bus = await join()
    proxy.silence(true)
    const published = bus.publish(message())
    const failed = expect(published).rejects.toMatchObject({ code: 'bus.unavailable' })
    await new Promise((resolve) => setImmediate(resolve))
    proxy.cut()
    await failed
  })

  test('gives up waiting for a confirm after the deadline', async () => {
    const bus = await join({ confirmDeadline: 200 })
    await bus.publish(message())
    proxy.silence(true)
    await expect(bus.publish(message())).rejects.toThrow(PublishTimeoutError)
    proxy.silence(false)
  })

  test('delivers again what was handled but not acknowledged when the connection was cut', async () => {
    const bus = await join()
    const seen: boolean[] = []
    await bus.subscribe({ queue }, async ({ redelivered }) => {
      seen.push(redelivered)
      if (seen.length === 1) proxy.cut()
    })
    await bus.publish(message())
    await until(() => seen.length === 2)
    expect(seen).toEqual([false, true])
  })

  test('reads on when its queue was deleted and declared anew', async () => {
    const bus = await join()
    const seen: string[] = []
    await bus.subscribe({ queue }, async ({ id }) => void seen.push(id!))
    await admin.deleteQueue(queue)
    await join({ url: rabbitmqUrl()! })
    const sent = message()
    await bus.publish(sent)
    await until(() => seen.includes(sent.id))
  })

  test('says that a message is unroutable when its binding was removed', async () => {
    const bus = await join()
    await admin.unbindQueue(queue, exchange, 'a')
    await expect(bus.publish(message())).rejects.toThrow(UnroutableError)
  })

  test('survives an exchange that was deleted, as its channel does not', async () => {
    const bus = await join()
    await admin.deleteExchange(exchange)
    await expect(bus.publish(message())).rejects.toMatchObject({
      code: 'bus.unavailable',
      message: expect.stringContaining('NOT_FOUND'),
    })
    await join({ url: rabbitmqUrl()! })
    await bus.publish(message())
  })

  test('refuses into a full queue', async () => {
    topology = { ...topology, queues: [{ name: queue, maxLength: 1 }] }
    const bus = await join()
    const fill = async () => {
      for (let count = 0; count < 20; count += 1) await bus.publish(message())
    }
    await expect(fill()).rejects.toThrow(PublishRejectedError)
  })

  test('fails at once when a queue stands with other arguments', async () => {
    await admin.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'classic' } })
    await expect(join()).rejects.toThrow(TopologyError)
    await expect(join()).rejects.toThrow(/refuses the topology.*PRECONDITION_FAILED/)
  })

  test('stops for good when the topology turned wrong while it was away', async () => {
    const bus = await join()
    proxy.refuse(true)
    proxy.cut()
    await admin.deleteQueue(queue)
    await admin.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'classic' } })
    proxy.refuse(false)
    await until(() => bus.state() === 'failed')
    await expect(bus.publish(message())).rejects.toThrow('failed')
  })

  test('fails at once when the log-in is refused, and soon when nobody answers', async () => {
    const url = new URL(rabbitmqUrl()!)
    url.password = 'wrong'
    await expect(join({ url: url.href })).rejects.toThrow(/ACCESS[-_]REFUSED/)
    proxy.refuse(true)
    await expect(join({ connectDeadline: 300 })).rejects.toMatchObject({ code: 'bus.unavailable' })
  })

  test('says who published, as the broker has checked it', async () => {
    const bus = await join()
    const seen: (string | undefined)[] = []
    await bus.subscribe({ queue }, async ({ properties }) => void seen.push(properties.userId))
    const { username } = new URL(rabbitmqUrl()!)
    admin.publish(exchange, 'a', Buffer.from('{}'), { userId: username })
    await until(() => seen.length === 1)
    expect(seen).toEqual([username])
  })
})
