import { load } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import type { Served } from './servers.ts'

const servers = new URL('./servers.ts', import.meta.url)

/** The question that every request for a certificate waits for. */
export const benchmark: Benchmark = {
  title: '«does consent stand?» ÷ bare Fastify with the same query',
  async prepare(bench) {
    const { url: database } = await bench.database('consent')
    const consent = await bench.start<Served & { patientId: string }>(servers, 'startConsent', {
      database,
    })
    const { patientId } = consent
    const floor = await bench.start<Served>(servers, 'startFloor', { database, patientId })
    const duration = bench.sized({ quick: 50, normal: 3_000 })
    const ask =
      ({ url, path, headers }: Served, connections: number) =>
      () =>
        load({ url, requests: [{ path, headers }], connections, duration })
    return {
      notes: ['throughput with 16 connections; what one question costs with one'],
      contestants: {
        floor: ask(floor, 16),
        consent: ask(consent, 16),
        floorAlone: ask(floor, 1),
        consentAlone: ask(consent, 1),
      },
      figures: [
        {
          what: 'throughput of consent ÷ of the floor',
          of: 'consent.perSecond',
          over: 'floor.perSecond',
          goal: { atLeast: 0.5 },
        },
        {
          what: 'what one question costs over one query',
          of: 'consentAlone.p50',
          minus: 'floorAlone.p50',
          unit: 'ms',
          goal: { atMost: 3 },
        },
      ],
    }
  },
}
