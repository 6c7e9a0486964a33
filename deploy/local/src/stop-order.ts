import type { Logger } from 'pino'

type Stop = () => Promise<unknown>

/** Remembers how to stop what was started, and stops it in reverse, each within its time. */
export function createStopOrder(logger: Logger, patience = 10_000) {
  const stops: { name: string; stop: Stop }[] = []
  let stopping: Promise<void> | undefined

  async function within(name: string, stop: Stop): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${name} did not stop in time`))
      }, patience)
    })
    try {
      await Promise.race([stop(), late])
    } catch (err) {
      logger.error({ err, party: name }, 'could not be stopped')
    } finally {
      clearTimeout(timer)
    }
  }

  async function stopAll(): Promise<void> {
    for (const { name, stop } of stops.reverse()) await within(name, stop)
  }

  return {
    add(name: string, stop: Stop): void {
      stops.push({ name, stop })
    },
    /** The same end for all who ask. */
    stop: () => (stopping ??= stopAll()),
  }
}
