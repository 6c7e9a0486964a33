import { appendFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRecorder, noCounts } from './recorder.ts'
import type { Counts, Finding, Recorder } from './recorder.ts'

/** What the processes of one test file have found, and how much they have looked at. */
interface Line {
  finding?: Finding
  counts?: Counts
}

/** Below the run's folder; a process of a test file has a file of its own there. */
export function openRunFolder(folder: string) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${process.pid}.jsonl`)
  const append = (line: Line) => {
    appendFileSync(file, `${JSON.stringify(line)}\n`)
  }
  return {
    /** Whose findings are written down at once: a process may be killed at any time. */
    createRecorder(names: readonly string[]): Recorder {
      const told = new Set<string>()
      return createRecorder({
        names,
        onFinding(finding) {
          const text = JSON.stringify(finding)
          if (!told.has(text)) append({ finding })
          told.add(text)
        },
      })
    },
    writeCounts: ({ counts }: Recorder) => {
      append({ counts })
    },
  }
}

export function readRunFolder(folder: string): { findings: Finding[]; counts: Counts } {
  const findings: Finding[] = []
  const counts = noCounts()
  for (const name of readdirSync(folder)) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
      const line = JSON.parse(text) as Line
      if (line.finding !== undefined) findings.push(line.finding)
      for (const [channel, count] of Object.entries(line.counts ?? {})) {
        counts[channel as keyof Counts] += count
      }
    }
  }
  return { findings, counts }
}
