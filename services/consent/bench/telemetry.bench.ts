import { load } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import type { Served } from './servers.ts'

const servers = new URL('./servers.ts', import.meta.url)
const observed = new URL('./telemetry-servers.ts', import.meta.url)

/** The cheapest question of all, so that what is added to it shows most. */
export const benchmark: Benchmark = {
  title: 'metrics and traces ÷ the same service without',
  async prepare(bench) {
    const { url: database } = await bench.database('consent')
    const collector = await bench.start<{ url: string }>(observed, 'startCollector')
    const silent = await bench.start<Served>(servers, 'startConsent', { database })
    const measured = await bench.start<Served>(observed, 'startObserved', { database })
    const traced = await bench.start<Served>(observed, 'startObserved', {
      database,
      traceEndpoint: collector.url,
    })
    const duration = bench.sized({ quick: 50, normal: 3_000 })
    const ask =
      ({ url, path, headers }: Served) =>
      () =>
        load({ url, requests: [{ path, headers }], connections: 16, duration })
    return {
      notes: ['«does consent stand?», one query; traces of every request, two spans each'],
      contestants: { silent: ask(silent), measured: ask(measured), traced: ask(traced) },
      figures: [
        {
          what: 'throughput with metrics ÷ without',
          of: 'measured.perSecond',
          over: 'silent.perSecond',
          goal: { atLeast: 0.9 },
        },
        {
          what: 'throughput with metrics and every request traced ÷ without',
          of: 'traced.perSecond',
          over: 'silent.perSecond',
          goal: { atLeast: 0.7 },
        },
      ],
    }
  },
}
