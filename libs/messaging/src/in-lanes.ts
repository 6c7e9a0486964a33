/** Lets another lane begin, where there is room for one. */
export type OpenLane = () => void

/**
 * Runs something in one lane, and in more at a time as it asks for them. All have ended when this does.
 * @throws what the first lane that failed threw
 */
export async function inLanes(
  most: number,
  run: (openLane: OpenLane, hasFailed: () => boolean) => Promise<void>,
): Promise<void> {
  const lanes = new Set<Promise<void>>()
  const failures: unknown[] = []
  const openLane = () => {
    if (lanes.size >= most) return
    // Begun when it is counted, so that one that asks for another at once asks of the right number.
    const lane = Promise.resolve()
      .then(() => run(openLane, () => failures.length > 0))
      .catch((error: unknown) => void failures.push(error))
      .then(() => void lanes.delete(lane))
    lanes.add(lane)
  }
  openLane()
  while (lanes.size > 0) await Promise.all(lanes)
  if (failures.length > 0) throw failures[0]
}
