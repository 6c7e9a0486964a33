import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startedAt } from '../src/process-identity.ts'

const program = join(import.meta.dirname, 'programs/hold-postgres.ts')

/** A process of its own that starts a server and keeps it, or says why it could not. */
export async function hold(dataDir: string) {
  const child = spawn(process.execPath, ['--conditions=source', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, said: JSON.parse(line) as Record<string, string> }
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

export const serverPid = async (dataDir: string) =>
  Number((await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0])

/** Not so for a process that has ended and only waits to be reaped. */
export const isRunning = async (pid: number) => (await startedAt(pid)) !== undefined

export async function until(holds: () => Promise<boolean>, seconds = 5): Promise<void> {
  const deadline = Date.now() + seconds * 1_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to hold')
    await pause(25)
  }
}

// One may end because of the other.
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Ends the shell that watches over a server, and what that shell has started beside the server. */
export async function killWatchers(postgres: number): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid='])
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
  const parentOf = (pid: number) => rows.find(([id]) => id === pid)?.[1] ?? 0
  const childrenOf = (pid: number) => rows.filter(([, p]) => p === pid).map(([id]) => id ?? 0)
  const shell = parentOf(postgres)
  const watchers = childrenOf(shell).filter((pid) => pid !== postgres)
  for (const pid of [...watchers.flatMap(childrenOf), ...watchers, shell].reverse()) {
    killIfThere(pid)
  }
}
