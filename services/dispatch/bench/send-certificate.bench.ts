import { load } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { sendRequest, varySending } from './dispatch-server.ts'
import type { Started } from './neighbours.ts'
import { askDoor } from './servers.ts'
import type { Served } from './servers.ts'

export const benchmark: Benchmark = {
  title: 'POST /certificates/{id}/dispatches ÷ bare Fastify with the same inserts',
  async prepare(bench) {
    const neighbours = await bench.start<Started>(
      new URL('./neighbours.ts', import.meta.url),
      'startNeighbours',
    )
    const own = await bench.database('dispatch')
    const service = await bench.start<Served>(
      new URL('./servers.ts', import.meta.url),
      'startSending',
      { database: own.url, neighboursUrl: neighbours.url },
    )
    const other = await bench.database('dispatch')
    const floor = await bench.start<Started>(new URL('./floor.ts', import.meta.url), 'startFloor', {
      database: other.url,
    })
    const duration = bench.sized({ quick: 50, normal: 2_500 })
    const send =
      ({ url }: Started, connections: number) =>
      async () => {
        const headers = await askDoor<Record<string, string>>(service.door, '/headers')
        const request = { ...sendRequest, vary: () => varySending(headers) }
        return load({ url, requests: [request], connections, duration })
      }
    return {
      notes: [
        'the service checks the token and asks consent and certificate-store over HTTP; the floor does neither',
        'throughput with 16 connections; what one request costs with one',
      ],
      contestants: {
        floor: send(floor, 16),
        dispatch: send(service, 16),
        floorAlone: send(floor, 1),
        dispatchAlone: send(service, 1),
      },
      figures: [
        {
          what: 'throughput of the service ÷ of the floor',
          of: 'dispatch.perSecond',
          over: 'floor.perSecond',
          goal: { atLeast: 0.6 },
        },
        {
          what: 'what one request costs over the inserts',
          of: 'dispatchAlone.p50',
          minus: 'floorAlone.p50',
          unit: 'ms',
        },
      ],
    }
  },
}
