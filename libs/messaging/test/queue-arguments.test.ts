import { describeWithPrivateRabbitmq, startPrivateRabbitmq, until } from '@minaintyg/testing'
import type { PrivateRabbitmq } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import {
  connectEventBus,
  deadLetterArguments,
  deadLetterQueue,
  openDeadLetters,
  queueArguments,
} from '../src/index.ts'

const deliveryLimit = 3
const filler = 'filler'
const durable = (args: object) => ({ durable: true, arguments: args })

/** What RabbitMQ does with a returned message differs from version to version, and so do its defaults. */
describeWithPrivateRabbitmq('the arguments of a queue, as this RabbitMQ understands them', () => {
  let rabbitmq: PrivateRabbitmq
  let model: ChannelModel
  let channel: ConfirmChannel
  let queues = 0
  let queue: string

  const depth = async (name: string) => (await channel.checkQueue(name)).messageCount
  const publish = async (body: string) => {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true, messageId: body })
    await channel.waitForConfirms()
  }
  /** Whether a queue that is full says so. */
  const isRefused = async (name: string) => {
    channel.sendToQueue(name, Buffer.from(filler))
    return channel.waitForConfirms().then(
      () => false,
      () => true,
    )
  }
  /** Gives each message back until none comes. @returns how often one came */
  const giveBack = async (how: (on: Channel, message: ConsumeMessage) => void, most: number) => {
    const reading = await model.createChannel()
    let deliveries = 0
    await reading.prefetch(1)
    await reading.consume(queue, (message) => {
      if (message === null) return
      deliveries += 1
      if (deliveries < most) how(reading, message)
      else reading.ack(message)
    })
    await until(async () => deliveries === most || (await depth(deadLetterQueue(queue))) === 1)
    await reading.close()
    return deliveries
  }
  const reject = (on: Channel, message: ConsumeMessage) => {
    on.reject(message, true)
  }
  const nack = (on: Channel, message: ConsumeMessage) => {
    on.nack(message, false, true)
  }

  beforeAll(async () => {
    rabbitmq = await startPrivateRabbitmq()
    model = await connect(rabbitmq.url)
    channel = await model.createConfirmChannel()
  }, 180_000)
  afterAll(async () => {
    await model.close()
    await rabbitmq.remove()
  }, 90_000)
  beforeEach(async () => {
    queues += 1
    queue = `test.${queues}`
    await channel.assertQueue(deadLetterQueue(queue), durable(deadLetterArguments))
    await channel.assertQueue(queue, durable(queueArguments({ name: queue, deliveryLimit })))
  })

  test('make a message that failed too often a dead letter', async () => {
    await publish('a')
    expect(await giveBack(reject, 20)).toBe(deliveryLimit + 1)
    expect(await depth(deadLetterQueue(queue))).toBe(1)
    expect(await depth(queue)).toBe(0)
  })

  test('count a message that was only given back before 4.3, and not from then on', async () => {
    const { version } = model.connection.serverProperties
    const [major = 0, minor = 0] = version.split('.').map(Number)
    const counts = major < 4 || (major === 4 && minor < 3)
    await publish('a')
    expect(await giveBack(nack, 20)).toBe(counts ? deliveryLimit + 1 : 20)
  })

  test('let dead letters be looked at as often as anybody likes', async () => {
    const looks = 30
    await publish('a')
    const letter = await channel.get(queue)
    if (letter !== false) channel.reject(letter, false)
    await until(async () => (await depth(deadLetterQueue(queue))) === 1)
    const deadLetters = await openDeadLetters(rabbitmq.url)
    let seen = 0
    for (let look = 0; look < looks; look += 1) {
      await until(async () => (await depth(deadLetterQueue(queue))) === 1)
      await deadLetters.goThrough(queue, async () => {
        seen += 1
        return 'keep'
      })
    }
    await deadLetters.close()
    expect(seen).toBe(looks)
  })

  test('leave dead letters in their queue where that of the dead is full, until there is room', async () => {
    // It tries again after three minutes unless told.
    const retry = 'application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout, 1000).'
    await rabbitmq.control('eval', retry)
    const [small, dead] = ['test.small', deadLetterQueue('test.small')]
    const bound = { ...deadLetterArguments, 'x-max-length': 1 }
    await channel.assertQueue(dead, durable(bound))
    await channel.assertQueue(small, durable(queueArguments({ name: small })))
    queue = small
    const sent = Array.from({ length: 100 }, (_, index) => `letter ${index}`)
    for (const body of sent) await publish(body)
    await channel.consume(small, (message) => {
      if (message !== null) channel.reject(message, false)
    })
    await until(async () => (await depth(dead)) > 0)
    await until(() => isRefused(dead))
    expect(await depth(dead)).toBeLessThan(sent.length)

    const found = new Set<string>()
    await until(
      async () => {
        const letter = await channel.get(dead)
        if (letter === false) return false
        channel.ack(letter)
        const body = letter.content.toString()
        if (body !== filler) found.add(body)
        return found.size === sent.length
      },
      { timeout: 50_000 },
    )
    expect([...found].sort()).toEqual([...sent].sort())
  }, 60_000)

  test('give way to a policy that is stricter, which is why there is none', async () => {
    const policy = JSON.stringify({ 'delivery-limit': 1 })
    await rabbitmq.control('set_policy', '--apply-to', 'queues', 'strict', '^test', policy)
    await publish('a')
    expect(await giveBack(reject, 20)).toBe(2)
    await rabbitmq.control('clear_policy', 'strict')
  }, 90_000)

  test('are the same when a service declares them again', async () => {
    const topology = { exchanges: [], queues: [{ name: queue, deliveryLimit }], bindings: [] }
    const bus = await connectEventBus({ url: rabbitmq.url, name: 'test', topology })
    expect(bus.state()).toBe('ready')
    await bus.close()
  })
})
