/** How long something took, in milliseconds. */
export async function millisecondsOf(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
