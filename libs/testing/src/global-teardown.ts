import { rm } from 'node:fs/promises'

/** Stops what the global setup started. */
export default async function tearDown(): Promise<void> {
  const { stopTestPostgres, testFolder } = globalThis as unknown as {
    stopTestPostgres?: () => Promise<void>
    testFolder?: string
  }
  await stopTestPostgres?.()
  if (testFolder !== undefined) await rm(testFolder, { recursive: true, force: true })
}
