export type {
  Bench,
  Benchmark,
  Contestant,
  Figure,
  Goal,
  Metrics,
  Prepared,
  Size,
} from './benchmark.ts'
export { load } from './load.ts'
export type { Load, LoadOptions } from './load.ts'
export { loadAtRate } from './load-at-rate.ts'
export type { LoadAtRate, LoadAtRateOptions } from './load-at-rate.ts'
export { percentile } from './statistics.ts'
export { millisecondsOf } from './milliseconds.ts'
