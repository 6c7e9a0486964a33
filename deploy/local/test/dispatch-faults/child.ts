import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ProcessOrders } from './dispatch-process.ts'

const fresh = (orders: ProcessOrders) => {
  const child = fork(join(import.meta.dirname, 'dispatch-process.ts'), {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.send(orders)
  return child
}

/** A relay that is to be killed on its way. @returns the signal that ended it; null where it came through */
export async function runDoomedRelay(orders: ProcessOrders): Promise<NodeJS.Signals | null> {
  const [, signal] = (await once(fresh(orders), 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

/** Dispatch in a process of its own, as often as it is started. */
export function createDispatchProcess(orders: ProcessOrders) {
  let child: ReturnType<typeof fork> | undefined
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    async start() {
      for (;;) {
        child = fresh(orders)
        const ended = once(child, 'exit').then(() => false)
        const ready = once(child, 'message').then(() => true)
        // Its database may still be starting, as may the broker.
        if (await Promise.race([ready, ended])) return
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
