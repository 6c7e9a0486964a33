import { randomBytes } from 'node:crypto'
import { load } from '@minaintyg/bench'
import type { Benchmark } from '@minaintyg/bench'
import { seedPatient } from './seed.ts'
import type { Served } from './servers.ts'

const servers = new URL('./servers.ts', import.meta.url)

export const benchmark: Benchmark = {
  title: 'list from fresh copies ÷ bare Fastify with the same one query',
  async prepare(bench) {
    const { url: database } = await bench.database('certificate-store')
    const masterKeys = `bench:${randomBytes(32).toString('base64')}`
    const certificates = 20
    const patientId = await seedPatient({ database, masterKeys, certificates })
    const consent = await bench.start<Served>(servers, 'startConsent')
    const startFloor = (prepared: boolean) =>
      bench.start<Served>(servers, 'startFloor', { database, patientId, prepared })
    const [floor, preparedFloor] = [await startFloor(false), await startFloor(true)]
    const store = await bench.start<Served>(servers, 'startStore', {
      database,
      masterKeys,
      patientIds: [patientId],
      consentUrl: consent.url,
    })
    // Enough that neither waits for the disk: the store commits what it puts on record before it answers.
    const connections = 64
    const duration = bench.sized({ quick: 50, normal: 3_000 })
    const ask =
      ({ url, headers: [headers = {}] }: Served) =>
      () =>
        load({ url, requests: [{ path: '/certificates', headers }], connections, duration })
    return {
      // Until the compiler has seen enough of it.
      warmUps: bench.sized({ quick: 1, normal: 3 }),
      notes: [`one patient with ${certificates} certificates, ${connections} connections`],
      contestants: { floor: ask(floor), preparedFloor: ask(preparedFloor), store: ask(store) },
      figures: [
        {
          what: 'throughput of the list ÷ of the floor',
          of: 'store.perSecond',
          over: 'floor.perSecond',
          goal: { atLeast: 0.5 },
        },
        {
          what: 'the same ÷ of a floor that has its query prepared, as the store has',
          of: 'store.perSecond',
          over: 'preparedFloor.perSecond',
        },
      ],
    }
  },
}
