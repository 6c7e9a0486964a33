import type { Round, Outcome } from './rounds.ts'
import { summarize } from './statistics.ts'

const written = (value: number): string => {
  if (!Number.isFinite(value)) return String(value)
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  '),
  )
}

const goalOf = ({ goal }: Outcome) =>
  goal === undefined ? '' : 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`

function verdictOf({ reached, noisy }: Outcome): string {
  const verdict = reached === null ? '' : reached ? 'reached' : 'MISSED'
  return [verdict, noisy ? 'noisy' : ''].filter((word) => word !== '').join(', ')
}

/** The figures with their goals beside them. */
export function figureTable(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.map((outcome) => {
    const { what, unit = '', summary } = outcome
    const { median, low, high } = summary
    return [
      unit === '' ? what : `${what}, ${unit}`,
      written(median),
      `${written(low)}–${written(high)}`,
      goalOf(outcome),
      verdictOf(outcome),
    ]
  })
  return aligned([['', 'median', 'quartiles', 'goal', ''], ...rows])
}

/** What each contestant gave by itself. */
export function measureTable(rounds: readonly Round[]): string[] {
  const [first = {}] = rounds
  const rows = Object.entries(first).flatMap(([name, metrics]) =>
    Object.keys(metrics).map((metric) => {
      const values = rounds.map((round) => round[name]?.[metric] ?? NaN)
      const { median, low, high, min, max } = summarize(values)
      return [
        `${name}.${metric}`,
        written(median),
        `${written(low)}–${written(high)}`,
        `${written(min)}–${written(max)}`,
      ]
    }),
  )
  return aligned([['', 'median', 'quartiles', 'all'], ...rows])
}
