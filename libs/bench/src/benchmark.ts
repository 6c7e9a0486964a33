import type { TestDatabase } from '@minaintyg/testing'

/** `quick` only shows that it runs; `full` takes whatever it takes. */
export type Size = 'quick' | 'normal' | 'full'

/** What one round of one contestant gave, by name. */
export type Metrics = Record<string, number>

/** One round: long enough to mean something, short enough to be interleaved. */
export type Contestant = () => Promise<Metrics>

export type Goal = { atLeast: number } | { atMost: number }

/** A line of the table. Measures are named `contestant.metric`. */
export interface Figure {
  what: string
  of: string
  /** Divides, round by round. */
  over?: string
  /** Is taken away, round by round. */
  minus?: string
  /** Left out for a ratio. */
  unit?: string
  goal?: Goal
}

/** What a benchmark runs, once everything that it needs is up. */
export interface Prepared {
  /** They take turns, in one order and then in the other. */
  contestants: Record<string, Contestant>
  figures: Figure[]
  /** Rounds that count; 7 where left out. Two with `quick`. */
  rounds?: number
  /** Rounds before them that do not; 1 where left out. */
  warmUps?: number
  /** What a reader must know of the figures: sizes, versions. */
  notes?: string[]
}

/** What a benchmark is given. Everything that it started is gone when it ends. */
export interface Bench {
  readonly size: Size
  /** A RabbitMQ, where one answers. */
  readonly rabbitmqUrl: string | undefined
  /** The value for this size; `full` is as `normal` where left out. */
  sized<T>(values: { quick: T; normal: T; full?: T }): T
  /** A database with the migrations of a service, on a Postgres that is as safe as in production. */
  database(service?: string): Promise<TestDatabase>
  /**
   * Calls an exported function of a module in a process of its own.
   * @returns what the function returned, as JSON; a function `stop` in it is called at the end
   */
  start<T>(module: URL, exported: string, options?: object): Promise<T>
  /** An empty folder. */
  folder(): Promise<string>
  onEnd(cleanUp: () => Promise<unknown>): void
  /** A line about progress. */
  say(line: string): void
}

/** One file `<name>.bench.ts` exports one of these as `benchmark`. */
export interface Benchmark {
  /** What is compared with what, in a line. */
  title: string
  /** A string says why it cannot run here. */
  prepare(bench: Bench): Promise<Prepared | string>
}
