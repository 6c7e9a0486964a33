import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { createBench } from './bench.ts'
import type { Benchmark, Size } from './benchmark.ts'
import { judge, playRounds } from './rounds.ts'
import { figureTable, measureTable } from './table.ts'

export interface RunOptions {
  name: string
  size: Size
  rabbitmqUrl: string | undefined
  /** Where the results go as JSON. */
  results: string
  say: (line: string) => void
}

const machine = () => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  gibibytes: Math.round(totalmem() / 2 ** 30),
  loadBefore: loadavg()[0],
})

async function write({ results, name }: RunOptions, outcome: object): Promise<void> {
  await mkdir(results, { recursive: true })
  await writeFile(join(results, `${name}.json`), `${JSON.stringify(outcome, null, 2)}\n`)
}

/** Prepares, warms up, plays the rounds, prints the table and writes the results. */
export async function runBenchmark(benchmark: Benchmark, options: RunOptions): Promise<void> {
  const { name, size, say } = options
  const about = { name, title: benchmark.title, size, at: new Date().toISOString(), ...machine() }
  const bench = createBench(options)
  say(`${name}: ${benchmark.title}`)
  try {
    const prepared = await benchmark.prepare(bench)
    if (typeof prepared === 'string') {
      say(`  skipped: ${prepared}`)
      await write(options, { ...about, skipped: prepared })
      return
    }
    const { contestants, figures, notes = [], warmUps = 1 } = prepared
    const rounds = size === 'quick' ? 2 : (prepared.rounds ?? 7)
    await playRounds(contestants, {
      rounds: warmUps,
      onRound() {
        say('  warming up')
      },
    })
    const played = await playRounds(contestants, {
      rounds,
      onRound(round) {
        say(`  round ${round} of ${rounds}`)
      },
    })
    const outcomes = figures.map((figure) => judge(played, figure))
    for (const line of [...notes, '', ...measureTable(played), '', ...figureTable(outcomes)]) {
      say(line === '' ? '' : `  ${line}`)
    }
    await write(options, { ...about, notes, figures: outcomes, rounds: played })
  } finally {
    await bench.end()
  }
}
