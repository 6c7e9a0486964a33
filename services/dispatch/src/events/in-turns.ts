/** Does something for each of many, so many at a time. @returns the results, in the order of what was given */
export async function inTurns<T, R>(
  all: readonly T[],
  atATime: number,
  run: (each: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const rest = all.entries()
  const worker = async () => {
    // An iterator that all workers share: each takes what is next.
    for (const [index, each] of rest) results[index] = await run(each)
  }
  await Promise.all(Array.from({ length: Math.min(atATime, all.length) }, worker))
  return results
}
