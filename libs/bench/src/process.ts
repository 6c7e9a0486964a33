import type { Started } from './start-process.ts'

const [module = '', exported = '', options = '{}'] = process.argv.slice(2)

const say = (message: Started) => void process.send?.(message)

/** Starts what the arguments name, and ends when the parent lets go or is gone. */
async function run(): Promise<void> {
  const exports = (await import(module)) as Record<string, unknown>
  const start = exports[exported] as (options: unknown) => Promise<object>
  const started = await start(JSON.parse(options))
  const { stop, ...facts } = started as { stop?: () => Promise<void> }
  process.once('disconnect', () => {
    void Promise.resolve(stop?.()).finally(() => process.exit())
  })
  say({ facts })
}

run().catch((error: unknown) => {
  say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
})
