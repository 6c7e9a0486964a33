import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@minaintyg/embedded-postgres'
import { findRabbitmq } from '@minaintyg/testing'
import type { Size } from './benchmark.ts'
import { defaultResults, findBenchmarks } from './find-benchmarks.ts'

const size: Size = process.env['QUICK'] ? 'quick' : process.env['FULL'] ? 'full' : 'normal'
const only = process.env['ONLY']
const runner = new URL('./run-file.ts', import.meta.url)

/** The server that is configured, or one of our own that fsyncs as in production does. */
async function openPostgres(): Promise<{ url: string; close: () => Promise<void> }> {
  const configured = process.env['MINAINTYG_BENCH_DATABASE_URL']
  if (configured) return { url: configured, close: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'minaintyg-bench-'))
  // As root Postgres runs as another user, who must get through.
  await chmod(folder, 0o755)
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
  return {
    url: postgres.url('postgres'),
    async close() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function runAll(benchmarks: [string, string][]): Promise<void> {
  const postgres = await openPostgres()
  try {
    const rabbitmqUrl = await findRabbitmq()
    for (const [name, file] of benchmarks) {
      const results = process.env['MINAINTYG_BENCH_RESULTS'] ?? defaultResults
      const options = JSON.stringify({ name, size, rabbitmqUrl, results })
      const child = fork(runner, [file, options], {
        env: { ...process.env, MINAINTYG_TEST_DATABASE_URL: postgres.url },
        execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning', '--expose-gc'],
      })
      const [code] = (await once(child, 'exit')) as [number | null]
      if (code !== 0) process.exitCode = 1
      process.stdout.write('\n')
    }
  } finally {
    await postgres.close()
  }
}

const all = await findBenchmarks()
const chosen = [...all].filter(([name]) => !only || only.split(',').includes(name))
if (chosen.length === 0) {
  process.stderr.write(`No benchmark is named so. There are: ${[...all.keys()].join(', ')}\n`)
  process.exitCode = 1
} else await runAll(chosen)
