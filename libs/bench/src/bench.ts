import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@minaintyg/testing'
import type { Bench, Size } from './benchmark.ts'
import { startProcess } from './start-process.ts'

export function createBench(options: {
  size: Size
  rabbitmqUrl: string | undefined
  say: (line: string) => void
}): Bench & { end: () => Promise<void> } {
  const { size, say } = options
  const cleanUps: (() => Promise<unknown>)[] = []
  const onEnd = (cleanUp: () => Promise<unknown>) => void cleanUps.push(cleanUp)
  return {
    ...options,
    onEnd,
    sized: ({ quick, normal, full = normal }) => ({ quick, normal, full })[size],
    async database(service) {
      const database = await createTestDatabase(service)
      onEnd(() => database.drop())
      return database
    },
    async start<T>(module: URL, exported: string, startOptions: object = {}) {
      const started = await startProcess({ module, exported, options: startOptions })
      onEnd(() => started.stop())
      return started.facts as T
    },
    async folder() {
      const folder = await mkdtemp(join(tmpdir(), 'minaintyg-bench-'))
      onEnd(async () => rm(folder, { recursive: true, force: true }))
      return folder
    },
    async end() {
      for (const cleanUp of cleanUps.reverse()) {
        await cleanUp().catch((error: unknown) => {
          say(`could not clean up: ${String(error)}`)
        })
      }
    },
  }
}
