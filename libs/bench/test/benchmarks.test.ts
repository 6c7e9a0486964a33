import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findBenchmarks } from '../src/find-benchmarks.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../src/main.ts')
const names = [...(await findBenchmarks()).keys()]
const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']

let results: string
beforeAll(async () => {
  results = await mkdtemp(join(tmpdir(), 'minaintyg-bench-results-'))
})
afterAll(() => rm(results, { recursive: true }))

const runMain = (env: Record<string, string>) =>
  run(process.execPath, [...flags, main], {
    env: {
      ...process.env,
      QUICK: '1',
      MINAINTYG_BENCH_DATABASE_URL: process.env['MINAINTYG_TEST_DATABASE_URL'],
      MINAINTYG_BENCH_RESULTS: results,
      ...env,
    },
  })

// Tiny sizes, and nothing is said of time: only that what a release is measured by still runs.
test.each(names)(
  'the benchmark %s runs',
  async (name) => {
    const { stdout } = await runMain({ ONLY: name })
    const outcome = JSON.parse(await readFile(join(results, `${name}.json`), 'utf8'))
    expect(outcome).toMatchObject({ name, size: 'quick' })
    if (outcome.skipped !== undefined) return
    expect(outcome.figures.length).toBeGreaterThan(0)
    for (const { what, summary } of outcome.figures) {
      expect(summary.median).toEqual(expect.any(Number))
      expect(stdout).toContain(what)
    }
  },
  120_000,
)

test('a name that no benchmark has is a failure that names those there are', async () => {
  await expect(runMain({ ONLY: 'nothing' })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(names[0] ?? ''),
  })
})
