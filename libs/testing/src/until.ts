/** Polls until the condition gives something truthy; fails with what it last saw. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeout = 10_000, interval = 25 } = {},
): Promise<T> {
  const deadline = Date.now() + timeout
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`Did not come about within ${timeout} ms`)
    await new Promise((resolve) => setTimeout(resolve, interval))
  }
}
