import type { AddressInfo } from 'node:net'
import { loadAtRate } from '@minaintyg/bench'
import type { LoadAtRate, LoadAtRateOptions } from '@minaintyg/bench'
import Fastify from 'fastify'

export interface Printers {
  door: string
  stop: () => Promise<void>
}

type Load = Pick<LoadAtRateOptions, 'perSecond' | 'duration'>

/** Those who print, in a process of their own: what they receive must not keep the clock of those who ask for lists. */
export async function startPrinters(
  options: Pick<LoadAtRateOptions, 'url' | 'request'>,
): Promise<Printers> {
  const door = Fastify({ logger: false })
  door.post<{ Body: Load }>('/loads', ({ body }) =>
    loadAtRate({ ...options, ...body, mayBreak: true }),
  )
  await door.listen({ host: '127.0.0.1', port: 0 })
  const { port } = door.server.address() as AddressInfo
  return { door: `http://127.0.0.1:${port}`, stop: () => door.close() }
}

/** Has them print, more than there may be room for. */
export async function print({ door }: Printers, load: Load): Promise<LoadAtRate> {
  const answer = await fetch(`${door}/loads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(load),
  })
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as LoadAtRate
}
