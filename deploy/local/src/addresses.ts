import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Everything listens here and nowhere else. */
export const loopback = '127.0.0.1'

const offsets = {
  gateway: 0,
  web: 1,
  eLegitimation: 2,
  journals: 3,
  forsakringskassan: 4,
  identity: 10,
  consent: 11,
  certificateStore: 12,
  rendering: 13,
  dispatch: 14,
  push: 15,
} as const
export type Party = keyof typeof offsets

/** Port and base URL of every party, out of one number. */
export type Addresses = Record<Party, { port: number; url: string }>

export function addressesFrom(portBase: number): Addresses {
  const entries = Object.entries(offsets).map(([party, offset]) => {
    const port = portBase + offset
    return [party, { port, url: `http://localhost:${port}` }]
  })
  return Object.fromEntries(entries) as Addresses
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => {
      resolve(false)
    })
    probe.listen(port, loopback, () => {
      probe.close(() => {
        resolve(true)
      })
    })
  })

async function occupiedPorts(addresses: Addresses): Promise<string[]> {
  const parties = Object.entries(addresses)
  const free = await Promise.all(parties.map(([, { port }]) => isFree(port)))
  return parties.filter((_, index) => !free[index]).map(([party, { port }]) => `${port} (${party})`)
}

/** Refuses to start on ports that others hold. What an earlier, killed run leaves is gone within seconds. */
export async function checkPorts(addresses: Addresses, patience = 3_000): Promise<void> {
  const deadline = Date.now() + patience
  for (;;) {
    const occupied = await occupiedPorts(addresses)
    if (occupied.length === 0) return
    if (Date.now() > deadline) {
      throw new Error(
        `Other programs listen on ${occupied.join(', ')}. End them, or choose others: MINAINTYG_PORT_BASE=9080`,
      )
    }
    await pause(100)
  }
}

/** A base whose ports are all free, below those that systems give out by themselves: for tests and benchmarks. */
export async function findPortBase(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 600) * 20
    const occupied = await occupiedPorts(addressesFrom(base))
    if (occupied.length === 0) return base
  }
}
