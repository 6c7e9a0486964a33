import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** All metrics of this process. */
export const registry = new Registry()

interface Definition<Label extends string> {
  /** With `minaintyg_` before it, and the unit at its end. */
  name: `minaintyg_${string}`
  help: string
  /** What has few values that are known beforehand: never an id, an address or anything of a person. */
  labels?: readonly Label[]
}

/** Counts what happens. */
export const createCounter = <Label extends string = never>({
  name,
  help,
  labels = [],
}: Definition<Label>): Counter<Label> =>
  new Counter({ name, help, labelNames: labels, registers: [registry] })

/** What goes up and down. */
export const createGauge = <Label extends string = never>({
  name,
  help,
  labels = [],
}: Definition<Label>): Gauge<Label> =>
  new Gauge({ name, help, labelNames: labels, registers: [registry] })

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** How long something takes, in seconds. */
export const createHistogram = <Label extends string = never>({
  name,
  help,
  labels = [],
}: Definition<Label>): Histogram<Label> =>
  new Histogram({ name, help, labelNames: labels, buckets: seconds, registers: [registry] })

export interface Reading<Label extends string> {
  labels?: Partial<Record<Label, string>>
  value: number
}
/** One reading for all who ask while it lasts: metrics that come of the same question ask it once a scrape. */
export function readTogether<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined
  return () => (reading ??= read().finally(() => (reading = undefined)))
}

type Read<Label extends string> = () => Reading<Label>[] | Promise<Reading<Label>[]>

/** Milliseconds. A scrape must not wait for what is away. */
const patience = 2_000

const failures = createCounter({
  name: 'minaintyg_metric_read_failures_total',
  help: 'Values that could not be read when they were asked for',
  labels: ['metric'],
})

async function readInTime<Label extends string>(name: string, read: Read<Label>) {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('too slow'))
    }, patience)
  })
  try {
    return await Promise.race([read(), late])
  } catch {
    failures.inc({ metric: name })
    return []
  } finally {
    clearTimeout(timer)
  }
}

export interface Measured<Label extends string> {
  /** Reads it from now on whenever somebody asks. @returns what ends that */
  watch(read: Read<Label>): () => void
}

/** A value that is read where it is when somebody asks, and never otherwise. What cannot be read is left out. */
export function createMeasured<Label extends string = never>(
  definition: Definition<Label>,
): Measured<Label> {
  const { name, help, labels = [] } = definition
  const reads = new Set<Read<Label>>()
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const readings = await Promise.all([...reads].map((read) => readInTime(name, read)))
      this.reset()
      if (labels.length === 0 && readings.flat().length === 0) this.remove()
      for (const { labels: own, value } of readings.flat()) {
        if (own === undefined) this.set(value)
        else this.set(own as Record<Label, string>, value)
      }
    },
  })
  return {
    watch(read) {
      reads.add(read)
      return () => void reads.delete(read)
    },
  }
}

let defaults = false

/** Event loop, memory and garbage collection of the process, and who it is in every line. */
export function measureProcess(component: string): void {
  registry.setDefaultLabels({ component })
  if (defaults) return
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  defaults = true
}
