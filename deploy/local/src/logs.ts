import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { DestinationStream } from 'pino'

/** A log file for each party, one JSON line an event; the console is left to people. */
export function createLogFiles(stateDir: string) {
  const folder = join(stateDir, 'log')
  mkdirSync(folder, { recursive: true })
  const open: { flushSync(): void }[] = []
  return {
    folder,
    file(name: string): DestinationStream {
      const destination = pino.destination({ dest: join(folder, `${name}.log`), sync: true })
      open.push(destination)
      return destination
    },
  }
}
export type LogFiles = ReturnType<typeof createLogFiles>
