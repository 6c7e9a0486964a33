import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ForsakringskassanConfig } from './index.ts'

export interface ForsakringskassanProcess {
  readonly url: string
  /** Of the process that runs now; another after a crash. */
  pid(): number
  /** How often it has been started. */
  starts(): number
  stop(): Promise<void>
}

const program = join(import.meta.dirname, 'main.ts')
const pauseBeforeRestart = 500

async function untilReady(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Försäkringskassan ended with ${String(code)} before it was ready`)
  })
  await Promise.race([once(child, 'message'), ended])
  ended.catch(() => undefined)
}

/**
 * Starts it in a process of its own, which ends with this one, and starts it again whenever it has crashed.
 * @param config may come later: its program loads meanwhile
 */
export async function startForsakringskassanProcess(
  config: ForsakringskassanConfig | Promise<ForsakringskassanConfig>,
  onCrash: (error: Error) => void = () => undefined,
): Promise<ForsakringskassanProcess> {
  let starts = 0
  let stopping = false
  const isStopping = () => stopping
  let current: ChildProcess | undefined

  const start = async (): Promise<void> => {
    const child = fork(program, {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    current = child
    starts += 1
    child.send(await config)
    await untilReady(child)
    child.once('exit', () => void startAgain())
  }
  const startAgain = async (): Promise<void> => {
    if (isStopping()) return
    onCrash(new Error('Försäkringskassan has crashed'))
    await pause(pauseBeforeRestart)
    if (isStopping()) return
    try {
      await start()
    } catch {
      // Its database or the broker may be away as well.
      await startAgain()
    }
  }

  await start()
  const { host, port } = await config
  return {
    url: `http://${host}:${port}`,
    pid: () => current?.pid ?? 0,
    starts: () => starts,
    async stop() {
      stopping = true
      const child = current
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
