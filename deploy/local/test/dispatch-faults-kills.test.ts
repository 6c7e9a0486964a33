import { describeWithPrivateRabbitmq, until } from '@minaintyg/testing'
import { startForsakringskassanProcess } from '../src/forsakringskassan/process.ts'
import type { ForsakringskassanProcess } from '../src/forsakringskassan/process.ts'
import { createDispatchProcess } from './dispatch-faults/child.ts'
import { createFaultWorld, startPrivatePostgres } from './dispatch-faults/fault-world.ts'
import type { FaultWorld, PrivatePostgres } from './dispatch-faults/fault-world.ts'
import { dispatchesOr, killsOr } from './dispatch-faults/scale.ts'

// By hand: FAULT_DISPATCHES=100000 FAULT_KILLS=50 npx jest deploy/local/test/dispatch-faults-kills.test.ts
const count = dispatchesOr(200)
const kills = killsOr(4)
const patience = 120_000 + count * 200 + kills * 30_000
const senders = 16
/** So that pauses of minutes between attempts are seconds of the run. */
const clockSpeed = 60

describeWithPrivateRabbitmq('all may be killed', () => {
  let postgres: PrivatePostgres
  let world: FaultWorld
  let dispatch: ReturnType<typeof createDispatchProcess>
  let recipient: ForsakringskassanProcess

  beforeAll(async () => {
    postgres = await startPrivatePostgres()
    world = await createFaultWorld(postgres)
    dispatch = createDispatchProcess({
      party: world.party,
      clock: { began: Date.now(), speed: clockSpeed },
    })
    await dispatch.start()
    recipient = await startForsakringskassanProcess(world.recipient)
  }, 180_000)
  afterAll(async () => {
    await recipient.stop()
    await dispatch.stop()
    await world.remove()
  }, 120_000)

  /** Each ends one party by SIGKILL, and resolves when it is back. */
  const parties = {
    async dispatch() {
      await dispatch.kill()
      await dispatch.start()
    },
    async recipient() {
      const before = recipient.starts()
      process.kill(recipient.pid(), 'SIGKILL')
      await until(() => recipient.starts() > before, { timeout: 60_000 })
    },
    async broker() {
      await world.rabbitmq.kill()
      await world.rabbitmq.start()
    },
    async database() {
      await postgres.kill()
      await postgres.start()
    },
  }

  test(
    `${kills} times while ${count} are sent: none is lost and none is in the books twice`,
    async () => {
      const began = performance.now()
      const ids: string[] = []
      const killed: string[] = []
      let begun = 0
      const sendUntilAllAre = async () => {
        while (begun < count) {
          begun += 1
          ids.push(await world.send())
        }
      }
      const killInTurn = async () => {
        const turn = Object.entries(parties)
        for (let kill = 1; kill <= kills; kill += 1) {
          const due = Math.floor((kill * count) / (kills + 1))
          await until(() => ids.length >= due, { timeout: patience, interval: 10 })
          const [name, end] = turn[(kill - 1) % turn.length]!
          killed.push(name)
          await end()
        }
      }
      await Promise.all([killInTurn(), ...Array.from({ length: senders }, sendUntilAllAre)])
      const sent = performance.now()
      await world.audit.expectEachOnce(ids, patience)
      const states = await world.audit.statesOf(ids)
      expect(killed).toHaveLength(kills)
      expect(states).toEqual({ accepted: count })
      const seconds = (from: number) => Math.round((performance.now() - from) / 1_000)
      const all = await world.dispatchDb.query('select count(*)::int as count from dispatch')
      expect(all.rows).toEqual([{ count }])
      process.stdout.write(
        `\n${count} dispatches, ${kills} SIGKILLs (${killed.join(', ')}): ${JSON.stringify(states)}, 0 lost, 0 twice; ` +
          `${seconds(began)} s, the last ${seconds(sent)} s after the last was accepted\n`,
      )
    },
    patience,
  )
})
