import { dispatchRoutingKey, exchanges, recipientQueue } from '@minaintyg/contracts'
import type { EventBus } from '@minaintyg/messaging'
import { describeWithPrivateRabbitmq } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { Channel } from 'amqplib'
import { createFaultWorld } from './dispatch-faults/fault-world.ts'
import type { FaultWorld } from './dispatch-faults/fault-world.ts'
import { inTheEnd } from './dispatch-faults/patience.ts'
import { dispatchesOr } from './dispatch-faults/scale.ts'

const count = dispatchesOr(40)
const queue = recipientQueue('FKASSA')
const allButRelay = (worker: string) => worker !== 'outbox-relay'
const hour = 3_600_000

/** A clock that a test moves on, past the pauses between attempts. */
function createClock(offset = 0) {
  const clock = { offset, now: () => new Date(Date.now() + clock.offset) }
  return clock
}

describeWithPrivateRabbitmq('a dispatch is once in the recipient’s books when', () => {
  let world: FaultWorld

  const asAdmin = async (act: (channel: Channel) => Promise<unknown>) => {
    const model = await connect(world.rabbitmq.url)
    await act(await model.createChannel())
    await model.close()
  }

  beforeAll(async () => {
    world = await createFaultWorld()
  }, 180_000)
  afterEach(() => world.stopAll(), 60_000)
  afterAll(() => world.remove(), 180_000)

  test('nothing goes wrong', async () => {
    await world.startParty()
    await world.startRecipient()
    const ids = await world.sendMany(5)
    await world.audit.expectEachOnce(ids)
    expect(await world.audit.statesOf(ids)).toEqual({ accepted: 5 })
  })

  test('the broker is killed in the middle of a batch and comes back', async () => {
    const clock = createClock()
    let published = 0
    const killInTheMiddle = (bus: EventBus): EventBus => ({
      ...bus,
      async publish(message) {
        published += 1
        if (published === Math.ceil(count / 2)) await world.rabbitmq.kill()
        await bus.publish(message)
      },
    })
    const { relay, bus } = await world.startParty({
      ...clock,
      wrapBus: killInTheMiddle,
      runs: allButRelay,
    })
    await world.startRecipient()
    const ids = await world.sendMany(count)
    await relay.drain()
    const failed = (await world.audit.outboxOf(ids)).filter(({ attempts }) => attempts > 0)
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.filter((row) => row.published)).toEqual([])
    await world.rabbitmq.start()
    await inTheEnd(() => bus.state() === 'ready')
    clock.offset = hour
    await relay.drain()
    await world.audit.expectEachOnce(ids)
    expect(await world.audit.statesOf(ids)).toEqual({ accepted: count })
  }, 180_000)

  test('its binding is removed: nothing is said to be delivered until it is back', async () => {
    const clock = createClock()
    const { relay } = await world.startParty({ ...clock, runs: allButRelay })
    await world.startRecipient()
    const binding = [queue, exchanges.dispatch, dispatchRoutingKey('FKASSA', '#')] as const
    await asAdmin((channel) => channel.unbindQueue(...binding))
    const ids = await world.sendMany(count)
    await relay.drain()
    expect(await world.audit.statesOf(ids)).toEqual({ queued: count })
    for (const row of await world.audit.outboxOf(ids)) {
      expect(row).toMatchObject({ attempts: 1, published: false })
      expect(row.last_error).toMatch(/^bus.unroutable/)
    }
    await asAdmin((channel) => channel.bindQueue(...binding))
    clock.offset = hour
    await relay.drain()
    await world.audit.expectEachOnce(ids)
    expect(await world.audit.statesOf(ids)).toEqual({ accepted: count })
  }, 180_000)

  test('its queue is full: what is refused is tried again, and parked where that never ends', async () => {
    const clock = createClock()
    const { relay } = await world.startParty({ ...clock, runs: allButRelay })
    const most = '{"max-length":5}'
    const pattern = `^${queue.replaceAll('.', String.raw`\.`)}$`
    await world.rabbitmq.control('set_policy', 'full', pattern, most, '--apply-to', 'queues')
    const ids: string[] = []
    await inTheEnd(async () => {
      // What comes before the queue has noticed that it is full it still takes.
      ids.push(...(await world.sendMany(10)))
      await relay.drain()
      return (await world.audit.outboxOf(ids)).some(({ published }) => !published)
    })
    const refused = (await world.audit.outboxOf(ids)).filter(({ published }) => !published)
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(refused.map(({ last_error }) => last_error))).toEqual(
      new Set(['bus.publish-rejected: The broker refused the message']),
    )
    expect((await world.audit.statesOf(ids))['queued']).toBe(refused.length)
    for (let attempt = 2; attempt <= 10; attempt += 1) {
      clock.offset += 25 * hour
      await relay.drain()
    }
    const parked = (await world.audit.statesOf(ids))['parked']
    expect(parked).toBeGreaterThan(0)
    await world.rabbitmq.control('clear_policy', 'full')
    await world.startRecipient()
    await world.audit.expectEachOnce(ids)
    expect(await world.audit.statesOf(ids)).toEqual({
      parked,
      accepted: ids.length - Number(parked),
    })
    const cases = await world.audit.casesOf(ids)
    expect(cases.size).toBe(ids.length - Number(parked))
  }, 180_000)

  test('the broker is short of memory: nothing is claimed while it blocks', async () => {
    const clock = createClock()
    const { relay, bus } = await world.startParty(
      { ...clock, runs: allButRelay },
      { confirmDeadline: 2_000 },
    )
    await world.startRecipient()
    const probe = await world.send()
    await relay.drain()
    await world.rabbitmq.control('set_vm_memory_high_watermark', '0.00001')
    const ids = [probe, await world.send()]
    // RabbitMQ tells a publisher that it is blocked when it publishes.
    await inTheEnd(async () => {
      await relay.drain()
      return bus.state() === 'blocked'
    })
    ids.push(...(await world.sendMany(count)))
    expect(await relay.drain()).toBe(0)
    const untouched = (await world.audit.outboxOf(ids.slice(2))).map(({ attempts }) => attempts)
    expect(untouched).toEqual(Array(count).fill(0))
    await world.rabbitmq.control('set_vm_memory_high_watermark', 'absolute', '512MB')
    await inTheEnd(() => bus.state() === 'ready')
    clock.offset = hour
    await relay.drain()
    await world.audit.expectEachOnce(ids)
    expect(await world.audit.statesOf(ids)).toEqual({ accepted: count + 2 })
  }, 180_000)
})
