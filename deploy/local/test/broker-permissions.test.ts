import { randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  brokerUsers,
  exchanges,
  knownRecipientIds,
  receiptQueue,
  recipientQueue,
  recipientUser,
  topology,
} from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { connectEventBus, deadLetterQueue, queuesFor } from '@minaintyg/messaging'
import type { EventBus, OutgoingMessage } from '@minaintyg/messaging'
import { connectRecipientBus } from '@minaintyg/recipient-kit'
import { describeWithPrivateRabbitmq, startPrivateRabbitmq, until } from '@minaintyg/testing'
import type { PrivateRabbitmq } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { ConfirmChannel } from 'amqplib'
import { vhost } from '../src/event-documents/definitions.ts'
import { laptopPassword } from '../src/event-documents/laptop-definitions.ts'

const committed = join(import.meta.dirname, '../../rabbitmq')
const users = brokerUsers(knownRecipientIds)
const body = Buffer.from('{}')

const message = (exchange: string, routingKey: string): OutgoingMessage => ({
  exchange,
  routingKey,
  id: randomUUID(),
  body,
})

describeWithPrivateRabbitmq('RabbitMQ with the committed definitions', () => {
  let rabbitmq: PrivateRabbitmq
  let folder: string
  const buses: EventBus[] = []
  const urlOf = (name: string) =>
    rabbitmq.urlOf({ name, password: name === 'guest' ? 'guest' : laptopPassword, vhost })
  const keepOpen = async (bus: Promise<EventBus>) => {
    buses.push(await bus)
    return bus
  }
  const connectAs = (name: string, declareTopology = false) =>
    keepOpen(connectEventBus({ url: urlOf(name), name, topology, declareTopology }))

  /** The code with which the broker closed the channel; undefined where all was allowed. */
  const refusal = async (user: string, act: (channel: ConfirmChannel) => unknown) => {
    const model = await connect(urlOf(user))
    const channel = await model.createConfirmChannel()
    let code: unknown
    channel.on('error', (error: { code?: number }) => {
      code = error.code
    })
    try {
      await act(channel)
      await channel.waitForConfirms()
    } catch {
      await until(() => code !== undefined)
    }
    await model.close()
    return code
  }

  beforeAll(async () => {
    // RabbitMQ takes every file of the folder, by name: the definitions, then passwords to lay over them.
    folder = await mkdtemp(join(tmpdir(), 'minaintyg-definitions-'))
    for (const name of ['definitions.json', 'laptop.json']) {
      await copyFile(join(committed, name), join(folder, name))
    }
    rabbitmq = await startPrivateRabbitmq({ configuration: [`load_definitions = ${folder}`] })
  }, 180_000)
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()))
  })
  afterAll(async () => {
    await rabbitmq.remove()
    await rm(folder, { recursive: true })
  }, 90_000)

  test('has exactly what the services would declare', async () => {
    const bus = await connectAs('guest', true)
    expect(bus.state()).toBe('ready')
    const queues = await rabbitmq.control('list_queues', '-p', vhost, 'name', 'type')
    expect(queues.trim().split('\n').slice(1).sort()).toEqual(
      topology.queues
        .flatMap(({ name }) => [name, deadLetterQueue(name)])
        .map((name) => `${name}\tquorum`)
        .sort(),
    )
  })

  test('lets each user publish all that is its to publish, to whoever hears it', async () => {
    const admin = await connectAs('guest')
    const arrived = new Map<string, string[]>()
    for (const { name } of topology.queues) {
      await admin.subscribe({ queue: name }, async ({ id, queue, properties }) => {
        arrived.set(id!, [...(arrived.get(id!) ?? []), `${queue} ${properties.userId ?? ''}`])
      })
    }
    for (const { name, publishes } of users) {
      const bus = await connectAs(name)
      for (const [exchange, keys] of Object.entries(publishes)) {
        for (const key of keys) {
          const sent = message(exchange, key)
          await bus.publish(sent)
          const expected = queuesFor(topology, exchange, key).map((queue) => `${queue} ${name}`)
          await until(() => (arrived.get(sent.id) ?? []).length === expected.length)
          expect(arrived.get(sent.id)?.sort() ?? []).toEqual(expected.sort())
        }
      }
    }
  }, 60_000)

  test('lets each user read its queues, put back and acknowledge', async () => {
    const admin = await connectAs('guest')
    for (const { name, reads } of users) {
      const bus = await connectAs(name)
      for (const queue of reads) {
        const attempts: number[] = []
        const binding = topology.bindings.find((each) => each.queue === queue)!
        const sent = message(binding.exchange, binding.pattern.replace('#', 'x'))
        await bus.subscribe({ queue, retryDelay: () => 1 }, async ({ id, attempt }) => {
          if (id !== sent.id) return
          attempts.push(attempt)
          if (attempts.length === 1) throw new Error('not yet')
        })
        await admin.publish(sent)
        await until(() => attempts.length === 2)
        expect(attempts).toEqual([1, 2])
      }
    }
  }, 60_000)

  test('lets the recipient’s kit work with a user that may configure nothing', async () => {
    const bus = await keepOpen(connectRecipientBus({ url: urlOf('transp'), recipientId: 'TRANSP' }))
    const seen: unknown[] = []
    await bus.subscribe({ queue: recipientQueue('TRANSP') }, async ({ id }) => void seen.push(id))
    const dispatch = await connectAs('dispatch')
    const sent = message(exchanges.dispatch, 'TRANSP.se.minaintyg.dispatch.requested.v1')
    await dispatch.publish(sent)
    await until(() => seen.includes(sent.id))
    await bus.publish(message(exchanges.receipts, 'TRANSP.se.minaintyg.receipt.accepted.v1'))
  })

  test('says to the recipient’s kit what was refused', async () => {
    const transp = { url: urlOf('transp'), recipientId: 'AF' }
    const bus = await keepOpen(connectRecipientBus(transp))
    await expect(
      bus.publish(message(exchanges.receipts, 'AF.se.minaintyg.receipt.accepted.v1')),
    ).rejects.toThrow(/ACCESS_REFUSED.*topic 'AF\./)
    await expect(
      bus.subscribe({ queue: recipientQueue('AF') }, async () => undefined),
    ).rejects.toThrow('ACCESS_REFUSED')
  })

  test('lets dispatch see how many events wait for each recipient, or are dead, and who reads them', async () => {
    const [admin, dispatch] = [await connectAs('guest'), await connectAs('dispatch')]
    const dead = message(exchanges.dispatch, 'AF.se.minaintyg.dispatch.requested.v1')
    const queue = recipientQueue('AF')
    expect(await dispatch.depthOf(queue)).toMatchObject({ consumers: 0 })
    await admin.subscribe({ queue }, async () => {
      throw new PoisonMessageError('not for us')
    })
    await dispatch.publish(dead)
    await until(async () => (await dispatch.depthOf(deadLetterQueue(queue))).messages === 1)
    expect(await dispatch.depthOf(queue)).toEqual({ messages: 0, consumers: 1 })
    for (const id of knownRecipientIds) {
      expect((await dispatch.depthOf(recipientQueue(id))).messages).toBeGreaterThanOrEqual(0)
    }
  })

  test.each<[string, (channel: ConfirmChannel) => unknown]>([
    ['read', (channel) => channel.get(recipientQueue('AF'))],
    ['bind', (channel) => channel.bindQueue(recipientQueue('AF'), exchanges.dispatch, '#')],
    ['purge', (channel) => channel.purgeQueue(deadLetterQueue(recipientQueue('AF')))],
    ['delete', (channel) => channel.deleteQueue(recipientQueue('AF'))],
    ['fill', (channel) => channel.publish('', recipientQueue('AF'), body)],
  ])('does not let dispatch %s what it may look into', async (_what, act) => {
    expect(await refusal('dispatch', act)).toBe(403)
  })

  const ownReceipt = `FKASSA.se.minaintyg.receipt.accepted.v1`
  const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
  const accessRefused = 403
  test.each<[string, (channel: ConfirmChannel) => unknown]>([
    ['declares a queue', (channel) => channel.assertQueue('mine', quorum)],
    ['declares a queue with a name of the broker’s', (channel) => channel.assertQueue('')],
    ['declares an exchange', (channel) => channel.assertExchange('mine', 'topic')],
    ['deletes its queue', (channel) => channel.deleteQueue(recipientQueue('FKASSA'))],
    [
      'binds its queue to what others get',
      (channel) => channel.bindQueue(recipientQueue('FKASSA'), exchanges.dispatch, '#'),
    ],
    ['purges its queue', (channel) => channel.purgeQueue(recipientQueue('AF'))],
    [
      'reads another’s queue',
      (channel) => channel.consume(recipientQueue('TRANSP'), () => undefined),
    ],
    ['reads the receipts', (channel) => channel.get(receiptQueue)],
    ['reads an inner queue', (channel) => channel.get(topology.queues[0]!.name)],
    ['reads dead letters', (channel) => channel.get(deadLetterQueue(recipientQueue('FKASSA')))],
    [
      'publishes to services',
      (channel) => channel.publish(exchanges.events, 'consent.withdrawn.v1', body),
    ],
    [
      'publishes to recipients',
      (channel) =>
        channel.publish(exchanges.dispatch, 'FKASSA.se.minaintyg.dispatch.requested.v1', body),
    ],
    ['publishes past the exchanges', (channel) => channel.publish('', receiptQueue, body)],
    [
      'sends another’s receipt',
      (channel) => channel.publish(exchanges.receipts, ownReceipt.replace('FKASSA', 'AF'), body),
    ],
    [
      'sends a receipt of a kind that there is not',
      (channel) => channel.publish(exchanges.receipts, 'FKASSA.anything', body),
    ],
  ])('refuses a recipient who %s', async (_what, act) => {
    expect(await refusal('fkassa', act)).toBe(accessRefused)
  })

  test('refuses a receipt that names another user as its sender, and takes the recipient’s own', async () => {
    const send = (userId: string) => (channel: ConfirmChannel) =>
      channel.publish(exchanges.receipts, ownReceipt, body, { userId })
    const preconditionFailed = 406
    expect(await refusal('fkassa', send('af'))).toBe(preconditionFailed)
    expect(await refusal('fkassa', send('fkassa'))).toBeUndefined()
  })

  test.each(
    users
      .filter(({ name }) => !knownRecipientIds.map(recipientUser).includes(name))
      .map(({ name }) => name),
  )('refuses %s what is another’s', async (name) => {
    const mine = users.find((user) => user.name === name)!
    const said = users.flatMap((user) =>
      Object.entries(user.publishes).flatMap(([exchange, keys]) =>
        keys.map((key) => [exchange, key] as const),
      ),
    )
    const [exchange, key] = said.find(
      ([otherExchange, otherKey]) => !mine.publishes[otherExchange]?.includes(otherKey),
    )!
    const queue = users.flatMap(({ reads }) => reads).find((each) => !mine.reads.includes(each))!
    expect(await refusal(name, (channel) => channel.publish(exchange, key, body))).toBe(403)
    expect(await refusal(name, (channel) => channel.get(queue))).toBe(403)
    expect(await refusal(name, (channel) => channel.assertQueue('mine', quorum))).toBe(403)
  })
})
