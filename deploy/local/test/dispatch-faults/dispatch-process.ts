/** Dispatch in a process of its own, to be killed: told all by its parent, and ending with it. */
import { once } from 'node:events'
import { layCrash } from './crash-points.ts'
import type { Crash } from './crash-points.ts'
import { startParty } from './dispatch-party.ts'
import type { PartyConfig } from './dispatch-party.ts'

export interface ProcessOrders {
  party: PartyConfig
  /** Only the relay, and once: until it is killed there, or has sent all that is due. */
  crash?: Crash
  /** From when on, and how many times faster than the sun, its clock goes: the same after a restart. */
  clock?: { began: number; speed: number }
}

const [{ party, crash, clock = { began: 0, speed: 1 } }] = (await once(process, 'message')) as [
  ProcessOrders,
]
process.on('disconnect', () => process.exit(1))

const { began, speed } = clock
const now = () => new Date(began + (Date.now() - began) * speed)

if (crash === undefined) {
  const dispatch = await startParty(party, { now })
  process.on('SIGTERM', () => void dispatch.stop().then(() => process.exit(0)))
  process.send?.({ ready: true })
} else {
  const { relay } = await startParty(party, { now, wrapBus: layCrash(crash), runs: () => false })
  await relay.drain()
  // Where it should have been killed and was not, its parent sees this code.
  process.exit(0)
}
