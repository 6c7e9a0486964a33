import pg from 'pg'
import { load } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import type { Served } from '../../../services/certificate-store/bench/servers.ts'
import { startServiceProcesses } from './service-processes.ts'
import { basePath } from './visit.ts'

const servers = new URL('../../../services/certificate-store/bench/servers.ts', import.meta.url)
const path = `${basePath}/certificates`

async function findPatient(database: string): Promise<string> {
  const client = new pg.Client(database)
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>('select patient_id as id from patient_key')
    return rows[0]?.id ?? ''
  } finally {
    await client.end()
  }
}

export const benchmark: Benchmark = {
  title: 'list through gateway and store ÷ bare Fastify with the same one query',
  async prepare(bench) {
    const system = await startServiceProcesses(bench)
    const { storeDatabase: database, total } = system
    const patientId = await findPatient(database)
    const floor = await bench.start<Served>(servers, 'startFloor', {
      database,
      patientId,
      prepared: false,
    })
    const duration = bench.sized({ quick: 50, normal: 2_500 })
    const play = (url: string, request: { path: string; headers?: Record<string, string> }) => {
      const requests = [request]
      return async () => {
        const alone = await load({ url, requests, connections: 1, duration })
        const { perSecond } = await load({ url, requests, connections: 16, duration })
        return { perSecond, aloneP50: alone.p50 }
      }
    }
    return {
      warmUps: bench.sized({ quick: 1, normal: 3 }),
      notes: [
        `one patient with ${total} certificates; 16 connections, and one alone for the time of an answer`,
        'a process for each service, and Postgres; they and who asks share the cores of one machine',
      ],
      contestants: {
        floor: play(floor.url, { path: '/certificates' }),
        gateway: play(system.url, { path, headers: system.headers }),
      },
      figures: [
        {
          what: 'throughput through gateway and store ÷ of the floor',
          of: 'gateway.perSecond',
          over: 'floor.perSecond',
          goal: { atLeast: 0.5 },
        },
        {
          what: 'p50 more than the floor, over two hops',
          of: 'gateway.aloneP50',
          minus: 'floor.aloneP50',
          unit: 'ms',
          goal: { atMost: 6 },
        },
      ],
    }
  },
}
