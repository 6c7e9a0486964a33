import type { EventBus } from '@minaintyg/messaging'
import { describeWithPrivateRabbitmq } from '@minaintyg/testing'
import { runDoomedRelay } from './dispatch-faults/child.ts'
import { crashPoints } from './dispatch-faults/crash-points.ts'
import { createFaultWorld, startPrivatePostgres } from './dispatch-faults/fault-world.ts'
import type { FaultWorld, PrivatePostgres } from './dispatch-faults/fault-world.ts'
import { inTheEnd } from './dispatch-faults/patience.ts'
import { dispatchesOr } from './dispatch-faults/scale.ts'
import { startForsakringskassanProcess } from '../src/forsakringskassan/process.ts'

const count = dispatchesOr(20)
/** Within the relay’s first batch. */
const middle = Math.min(Math.ceil(count / 2), 25)
const allButRelay = (worker: string) => worker !== 'outbox-relay'
const hour = 3_600_000

describeWithPrivateRabbitmq('a dispatch is once in the recipient’s books when', () => {
  let world: FaultWorld
  let postgres: PrivatePostgres

  beforeAll(async () => {
    postgres = await startPrivatePostgres()
    world = await createFaultWorld(postgres)
  }, 180_000)
  afterEach(() => world.stopAll(), 60_000)
  afterAll(() => world.remove(), 180_000)

  test.each(crashPoints)(
    'the relay is killed %s',
    async (point) => {
      const { relay } = await world.startParty({ runs: allButRelay })
      await world.startRecipient()
      const ids = await world.sendMany(count)
      // In the middle of a batch; but a claim, a mark and a commit there are once in it.
      const pass = /claim|mark, before the commit|after the commit/.test(point) ? 1 : middle
      const party = { ...world.party, config: { ...world.party.config, PORT: 0 } }
      expect(await runDoomedRelay({ party, crash: { point, pass } })).toBe('SIGKILL')
      const published = (await world.audit.outboxOf(ids)).filter((row) => row.published)
      expect(published.length > 0).toBe(point === 'after the commit')
      // What the dead relay held is free as soon as Postgres has noticed.
      await inTheEnd(async () => {
        await relay.drain()
        return (await world.audit.outboxOf(ids)).every((row) => row.published)
      })
      await world.audit.expectEachOnce(ids)
      expect(await world.audit.statesOf(ids)).toEqual({ accepted: count })
    },
    180_000,
  )

  test.each(['crash-before-commit', 'crash-before-ack'])(
    'its recipient is told to %s',
    async (mode) => {
      await world.startParty()
      const recipient = await startForsakringskassanProcess(world.recipient)
      try {
        await fetch(`${recipient.url}/control`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ mode }),
        })
        const ids = await world.sendMany(count)
        await world.audit.expectEachOnce(ids)
        expect(recipient.starts()).toBe(2)
        expect(await (await fetch(`${recipient.url}/books`)).json()).toMatchObject({
          bookedTwice: [],
        })
      } finally {
        await recipient.stop()
      }
    },
    180_000,
  )

  test.each(['stop', 'kill'] as const)(
    'Postgres, of both sides, comes back after a %s',
    async (how) => {
      const clock = { offset: 0, now: () => new Date(Date.now() + clock.offset) }
      const back = Promise.withResolvers<undefined>()
      const restart = async () => {
        await postgres[how]()
        await postgres.start()
        back.resolve(undefined)
      }
      let published = 0
      const endInTheMiddle = (bus: EventBus): EventBus => ({
        ...bus,
        async publish(message) {
          await bus.publish(message)
          published += 1
          if (published === middle) restart().catch(back.reject)
          // The whole batch is confirmed, and none of it marked.
          if (published >= middle) await back.promise
        },
      })
      const { relay } = await world.startParty({
        ...clock,
        wrapBus: endInTheMiddle,
        runs: allButRelay,
      })
      await world.startRecipient()
      const ids = await world.sendMany(count)
      await expect(relay.drain()).rejects.toThrow()
      await back.promise
      expect((await world.audit.outboxOf(ids)).filter((row) => row.published)).toEqual([])
      clock.offset = hour
      await inTheEnd(async () => {
        await relay.drain()
        return (await world.audit.outboxOf(ids)).every((row) => row.published)
      })
      await world.audit.expectEachOnce(ids)
      expect(await world.audit.statesOf(ids)).toEqual({ accepted: count })
    },
    180_000,
  )
})
