import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import { until } from '@minaintyg/testing'
import { connectEventBus, deadLetterQueue, UnroutableError } from '../src/index.ts'
import type { Delivery, EventBus, OutgoingMessage, Topology } from '../src/index.ts'

/** One adapter with a broker behind it. */
export interface BusUnderTest {
  /** Asked inside the tests, when the broker is there. */
  url: () => string
  /** Messages that wait in a queue. */
  depth: (queue: string) => Promise<number>
  /** Removes what the topology created. */
  cleanUp: (topology: Topology) => Promise<void>
}

/** Names of its own for each test, so that tests and runs cannot meet. */
function ownTopology() {
  const run = `test.${randomBytes(6).toString('hex')}`
  const exchange = `${run}.events`
  const [first, second] = [`${run}.first`, `${run}.second`]
  const topology: Topology = {
    exchanges: [{ name: exchange, unheard: ['nobody.cares.*'] }],
    queues: [{ name: first }, { name: second }],
    bindings: [
      { queue: first, exchange, pattern: 'thing.*.v1' },
      { queue: first, exchange, pattern: 'thing.made.#' },
      { queue: second, exchange, pattern: 'thing.made.v1' },
    ],
  }
  return { topology, exchange, first, second }
}

const crashingConsumer = join(import.meta.dirname, 'crashing-consumer.ts')

/** The promises of the EventBus port; every adapter must keep all of them. */
export function describeEventBus(adapter: BusUnderTest): void {
  let names: ReturnType<typeof ownTopology>
  let bus: EventBus
  let others: EventBus[]
  let children: ChildProcess[]

  const connect = (name: string) =>
    connectEventBus({ url: adapter.url(), name, topology: names.topology })
  const connectAnother = async (name: string) => {
    const other = await connect(name)
    others.push(other)
    return other
  }
  const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
    exchange: names.exchange,
    routingKey: 'thing.lost.v1',
    id: randomUUID(),
    body: Buffer.from('{"a": 1}'),
    ...fields,
  })
  const collect = async (queue: string) => {
    const deliveries: Delivery[] = []
    await bus.subscribe({ queue, concurrency: 1 }, async (delivery) => {
      deliveries.push(delivery)
    })
    return deliveries
  }
  const readDead = (queue: string) => collect(deadLetterQueue(queue))

  beforeEach(async () => {
    names = ownTopology()
    others = []
    children = []
    bus = await connect('test')
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all([bus, ...others].map((each) => each.close()))
    await adapter.cleanUp(names.topology)
  })

  test('hands over the exact bytes, the id, the routing key and the headers', async () => {
    const deliveries = await collect(names.first)
    const body = Buffer.from([0, 255, 123, 10, 195, 165])
    const sent = message({ body, headers: { 'x-jws-signature': 'a..b' } })
    await bus.publish(sent)
    await until(() => deliveries.length === 1)
    expect(deliveries[0]).toMatchObject({
      queue: names.first,
      exchange: names.exchange,
      routingKey: 'thing.lost.v1',
      id: sent.id,
      redelivered: false,
      attempt: 1,
    })
    expect(deliveries[0]!.body.equals(body)).toBe(true)
    expect(deliveries[0]!.headers['x-jws-signature']).toBe('a..b')
  })

  test('gives every bound queue one copy, also where two bindings match', async () => {
    await bus.publish(message({ routingKey: 'thing.made.v1' }))
    await until(async () => (await adapter.depth(names.first)) === 1)
    await until(async () => (await adapter.depth(names.second)) === 1)
  })

  test('keeps messages until someone subscribes', async () => {
    const sent = message()
    await bus.publish(sent)
    const deliveries = await collect(names.first)
    await until(() => deliveries.length === 1)
    expect(deliveries[0]!.id).toBe(sent.id)
  })

  test('throws UnroutableError when no queue is bound', async () => {
    await expect(bus.publish(message({ routingKey: 'other.v1' }))).rejects.toThrow(UnroutableError)
    await expect(bus.publish(message({ routingKey: 'thing.a.b.v1' }))).rejects.toMatchObject({
      code: 'bus.unroutable',
    })
  })

  test('takes a message that nobody has to hear', async () => {
    await expect(bus.publish(message({ routingKey: 'nobody.cares.v1' }))).resolves.toBeUndefined()
  })

  test('delivers what was published one after another in that order', async () => {
    const ids: string[] = []
    for (let index = 0; index < 10; index += 1) {
      const sent = message()
      ids.push(sent.id)
      await bus.publish(sent)
    }
    const deliveries = await collect(names.first)
    await until(() => deliveries.length === ids.length)
    expect(deliveries.map(({ id }) => id)).toEqual(ids)
  })

  test('delivers an id that was published twice twice, as duplicates are the inbox’s to skip', async () => {
    const sent = message()
    await bus.publish(sent)
    await bus.publish(sent)
    const deliveries = await collect(names.first)
    await until(() => deliveries.length === 2)
    expect(deliveries.map(({ id }) => id)).toEqual([sent.id, sent.id])
  })

  test('shares a queue between two consumers without doubles', async () => {
    const seen: Record<'one' | 'two', string[]> = { one: [], two: [] }
    const another = await connectAnother('another')
    const consumers = [
      ['one', bus],
      ['two', another],
    ] as const
    for (const [name, consumer] of consumers) {
      await consumer.subscribe({ queue: names.first, concurrency: 1 }, async ({ id }) => {
        seen[name].push(id!)
        // Neither may take all of them before the other has had its turn.
        await until(() => seen.one.length > 0 && seen.two.length > 0)
      })
    }
    const sent = Array.from({ length: 20 }, () => message())
    await Promise.all(sent.map((each) => bus.publish(each)))
    await until(() => seen.one.length + seen.two.length >= 20)
    expect([...seen.one, ...seen.two].sort()).toEqual(sent.map(({ id }) => id).sort())
  })

  test('handles no more at a time than the subscription says', async () => {
    let running = 0
    let most = 0
    let done = 0
    await bus.subscribe({ queue: names.first, concurrency: 2 }, async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 30))
      running -= 1
      done += 1
    })
    await Promise.all(Array.from({ length: 8 }, () => bus.publish(message())))
    await until(() => done === 8)
    expect(most).toBe(2)
  })

  test('tries a failing message again up to the limit and then puts it with the dead', async () => {
    const attempts: number[] = []
    await bus.subscribe(
      { queue: names.first, retryLimit: 3, retryDelay: () => 20 },
      async ({ attempt }) => {
        attempts.push(attempt)
        throw new Error('the database is away')
      },
    )
    const sent = message({ headers: { kept: 'yes' } })
    await bus.publish(sent)
    const dead = await readDead(names.first)
    await until(() => dead.length === 1)
    expect(attempts).toEqual([1, 2, 3])
    expect(dead[0]).toMatchObject({ id: sent.id, headers: { kept: 'yes' } })
    expect(dead[0]!.body.equals(sent.body)).toBe(true)
  })

  test('delivers a message again that failed once, and says so', async () => {
    const seen: boolean[] = []
    await bus.subscribe({ queue: names.first, retryDelay: () => 20 }, async ({ redelivered }) => {
      seen.push(redelivered)
      if (seen.length === 1) throw new Error('not yet')
    })
    await bus.publish(message())
    await until(() => seen.length === 2)
    expect(seen).toEqual([false, true])
    expect(await adapter.depth(deadLetterQueue(names.first))).toBe(0)
  })

  const hopeless: [string, () => Error][] = [
    ['poison', () => new PoisonMessageError('not JSON')],
    ['refused by a rule', () => new AppError({ code: 'a.b', status: 409, title: 'No' })],
  ]
  test.each(hopeless)('puts a message that is %s with the dead at once', async (_kind, error) => {
    let attempts = 0
    await bus.subscribe({ queue: names.first }, async () => {
      attempts += 1
      throw error()
    })
    const sent = message()
    await bus.publish(sent)
    const dead = await readDead(names.first)
    await until(() => dead.length === 1)
    expect(dead[0]!.id).toBe(sent.id)
    expect(attempts).toBe(1)
  })

  test('delivers again when the consumer’s process is killed after the effect and before the ack', async () => {
    const sent = message()
    const child = spawn(
      process.execPath,
      ['--conditions=source', crashingConsumer, adapter.url(), names.first],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'], TOPOLOGY: JSON.stringify(names.topology) },
      },
    )
    children.push(child)
    const effect = once(child.stdout, 'data')
    await bus.publish(sent)
    expect(String((await effect)[0])).toContain(sent.id)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const deliveries = await collect(names.first)
    await until(() => deliveries.length === 1, { timeout: 40_000 })
    expect(deliveries[0]).toMatchObject({ id: sent.id, redelivered: true })
  }, 60_000)

  test('waits at close for the handlers that run, and takes nothing more', async () => {
    const another = await connectAnother('closing')
    const [started, finished]: string[][] = [[], []]
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    await another.subscribe({ queue: names.first, concurrency: 1 }, async ({ id }) => {
      started!.push(id!)
      await gate
      finished!.push(id!)
    })
    await bus.publish(message())
    await until(() => started!.length === 1)
    const closing = another.close()
    await bus.publish(message())
    release()
    await closing
    expect(finished).toHaveLength(1)
    expect(another.state()).toBe('closed')
    const left = await collect(names.first)
    await until(() => left.length === 1)
    expect(started).toHaveLength(1)
    expect(left[0]!.id).not.toBe(started![0])
  })

  test('tells what waits in a queue and who reads it, as far as its broker knows', async () => {
    await Promise.all(Array.from({ length: 3 }, () => bus.publish(message())))
    await until(async () => (await bus.depthOf(names.first)).messages === 3)
    const { consumers: before } = await bus.depthOf(names.first)
    expect([0, undefined]).toContain(before)
    const deliveries = await collect(names.first)
    await until(() => deliveries.length === 3)
    expect(await bus.depthOf(names.first)).toEqual({
      messages: 0,
      consumers: before === undefined ? undefined : 1,
    })
    expect((await bus.depthOf(deadLetterQueue(names.first))).messages).toBe(0)
  })

  test('says that a queue is not there, and goes on', async () => {
    await expect(bus.depthOf(`${names.first}.other`)).rejects.toThrow(/no queue/)
    await expect(bus.publish(message())).resolves.toBeUndefined()
    await until(async () => (await bus.depthOf(names.first)).messages === 1)
  })

  test('refuses to publish after close', async () => {
    const another = await connectAnother('closed')
    await another.close()
    await expect(another.publish(message())).rejects.toMatchObject({ code: 'bus.unavailable' })
  })
}
