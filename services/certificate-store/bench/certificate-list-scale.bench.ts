import { randomBytes } from 'node:crypto'
import { load } from '@minaintyg/bench'
import type { Bench, Benchmark } from '@minaintyg/bench'
import type { CertificateList } from '@minaintyg/contracts'
import { fillWithOthers } from './fill.ts'
import { seedPatient } from './seed.ts'
import type { Served } from './servers.ts'

const servers = new URL('./servers.ts', import.meta.url)
const masterKeys = `bench:${randomBytes(32).toString('base64')}`

/** A store among so many certificates; the last of its patients has ten pages. */
async function startAmong(bench: Bench, stored: number, consentUrl: string): Promise<Served> {
  const { url: database, ownerUrl } = await bench.database('certificate-store')
  bench.say(`  storing ${stored} certificates`)
  await fillWithOthers(ownerUrl, stored)
  const patientIds: string[] = []
  for (let index = 0; index < bench.sized({ quick: 2, normal: 50 }); index += 1) {
    patientIds.push(await seedPatient({ database, masterKeys, certificates: 20 }))
  }
  patientIds.push(await seedPatient({ database, masterKeys, certificates: 200 }))
  return bench.start<Served>(servers, 'startStore', {
    database,
    masterKeys,
    patientIds,
    consentUrl,
  })
}

/** The path of the last page. */
async function findLastPage(url: string, headers: Record<string, string>): Promise<string> {
  let path = '/certificates'
  for (;;) {
    const answer = await fetch(url + path, { headers })
    const { nextCursor } = (await answer.json()) as CertificateList
    if (nextCursor === null) return path
    path = `/certificates?cursor=${nextCursor}`
  }
}

export const benchmark: Benchmark = {
  title: 'list among many stored certificates ÷ among few, and a deep page ÷ the first',
  async prepare(bench) {
    const few = bench.sized({ quick: 1_000, normal: 100_000 })
    const many = bench.sized({ quick: 2_000, normal: 1_000_000, full: 10_000_000 })
    const consent = await bench.start<Served>(servers, 'startConsent')
    // The large one first: the tokens of the small one are still good when it is there.
    const large = await startAmong(bench, many, consent.url)
    const small = await startAmong(bench, few, consent.url)
    const duration = bench.sized({ quick: 50, normal: 3_000 })
    const path = '/certificates'
    const everyone =
      ({ url, headers }: Served) =>
      () => {
        const requests = headers.slice(0, -1).map((each) => ({ path, headers: each }))
        return load({ url, requests, connections: 2, duration })
      }
    const headers = large.headers.at(-1) ?? {}
    const page = (of: string) => () =>
      load({ url: large.url, requests: [{ path: of, headers }], connections: 2, duration })
    return {
      notes: [`${few} and ${many} stored certificates; pages of a patient with 200`],
      contestants: {
        few: everyone(small),
        many: everyone(large),
        firstPage: page(path),
        lastPage: page(await findLastPage(large.url, headers)),
      },
      figures: [
        {
          what: 'p50 among many ÷ among few',
          of: 'many.p50',
          over: 'few.p50',
          goal: { atMost: 1.5 },
        },
        {
          what: 'p50 of the last page ÷ of the first',
          of: 'lastPage.p50',
          over: 'firstPage.p50',
          goal: { atMost: 1.3 },
        },
      ],
    }
  },
}
