interface Waiting<T> {
  item: T
  done: () => void
  failed: (error: unknown) => void
}

interface Options<T> {
  /** All of them, or none. */
  write: (items: readonly T[]) => Promise<void>
  /** Whether an error is the fault of what was to be written, and not of who should write it. */
  isOfItem: (error: unknown) => boolean
  most?: number
}

/**
 * Writes together what comes while another write is under way: one statement and one commit for all who wait. Where nobody
 * waits it is written at once. Of several that cannot be written together each has its own try.
 */
export function createGroupCommit<T>({ write, isOfItem, most = 100 }: Options<T>) {
  const waiting: Waiting<T>[] = []
  let underWay = false

  async function attempt(group: readonly Waiting<T>[]): Promise<void> {
    try {
      await write(group.map(({ item }) => item))
      for (const { done } of group) done()
    } catch (error) {
      if (group.length > 1 && isOfItem(error)) for (const each of group) await attempt([each])
      else for (const { failed } of group) failed(error)
    }
  }

  async function run(): Promise<void> {
    underWay = true
    while (waiting.length > 0) await attempt(waiting.splice(0, most))
    underWay = false
  }

  /** Resolves once the item is written. */
  return (item: T): Promise<void> =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed })
      if (!underWay) void run()
    })
}
