/** By linear interpolation between the two nearest, as R's default does. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [below = NaN, above = NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place - Math.floor(place))
}

export interface Summary {
  median: number
  /** The quartiles: half of the rounds lie between them. */
  low: number
  high: number
  min: number
  max: number
}

export const summarize = (values: readonly number[]): Summary => ({
  median: percentile(values, 0.5),
  low: percentile(values, 0.25),
  high: percentile(values, 0.75),
  min: Math.min(...values),
  max: Math.max(...values),
})
