import type { Benchmark } from './benchmark.ts'
import { runBenchmark } from './run-benchmark.ts'
import type { RunOptions } from './run-benchmark.ts'

const [file = '', options = '{}'] = process.argv.slice(2)
const say = (line: string) => void process.stdout.write(`${line}\n`)

// A process for each: what one leaves in memory or has compiled concerns no other.
const { benchmark } = (await import(file)) as { benchmark?: Benchmark }
if (benchmark === undefined) throw new Error(`${file} exports no \`benchmark\``)
await runBenchmark(benchmark, { ...(JSON.parse(options) as Omit<RunOptions, 'say'>), say })
