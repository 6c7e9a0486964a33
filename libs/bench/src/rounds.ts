import type { Contestant, Figure, Metrics } from './benchmark.ts'
import { summarize } from './statistics.ts'
import type { Summary } from './statistics.ts'

/** Metrics of every contestant, by its name. */
export type Round = Record<string, Metrics>

/** What became of a figure over all rounds. */
export interface Outcome extends Figure {
  summary: Summary
  values: number[]
  /** The quartiles lie on both sides of what the figure is held against: another run may say the other. */
  noisy: boolean
  /** Null where there is no goal. */
  reached: boolean | null
}

/** Rounds in which every contestant has its turn; what heats up or slows down meets all of them alike. */
export async function playRounds(
  contestants: Record<string, Contestant>,
  { rounds, onRound }: { rounds: number; onRound: (round: number) => void },
): Promise<Round[]> {
  const played: Round[] = []
  for (let index = 0; index < rounds; index += 1) {
    onRound(index + 1)
    const turns = Object.entries(contestants)
    const round: Round = {}
    for (const [name, play] of index % 2 === 0 ? turns : turns.reverse()) round[name] = await play()
    played.push(round)
  }
  return played
}

function measureOf(round: Round, name: string): number {
  const [contestant = '', metric = ''] = name.split('.')
  const value = round[contestant]?.[metric]
  if (value === undefined) throw new Error(`No contestant gave ${name}`)
  return value
}

function valueOf(round: Round, { of, over, minus }: Figure): number {
  const value = measureOf(round, of)
  if (over !== undefined) return value / measureOf(round, over)
  return minus === undefined ? value : value - measureOf(round, minus)
}

function isNoisy({ goal, over, minus }: Figure, { low, high }: Summary): boolean {
  const parity = over !== undefined ? 1 : minus !== undefined ? 0 : undefined
  const mark = goal === undefined ? parity : 'atLeast' in goal ? goal.atLeast : goal.atMost
  return mark !== undefined && low < mark && mark < high
}

/** Ratios and differences are of the same round: what disturbed one disturbed its neighbour as well. */
export function judge(rounds: readonly Round[], figure: Figure): Outcome {
  const values = rounds.map((round) => valueOf(round, figure))
  const summary = summarize(values)
  const { median } = summary
  const { goal } = figure
  const reached =
    goal === undefined ? null : 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost
  return { ...figure, summary, values, reached, noisy: isNoisy(figure, summary) }
}
