import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import type { Binaries } from './binaries.ts'
import { environment } from './cluster.ts'
import { endServer, serverPid } from './leftover.ts'
import type { Logger } from './logger.ts'
import type { Place } from './place-model.ts'
import { PostgresError } from './postgres-error.ts'

export interface ServerProcess {
  hasExited(): boolean
  /** By its own word, in its log. */
  isReady(): boolean
  /** Why it ended, with the last lines of its log. */
  failure(): PostgresError
  mayTryAgain(anyPort: boolean): boolean
  stop(): Promise<void>
}

interface RunOptions {
  place: Place
  binaries: Binaries
  port: number
  durable: boolean
  logger: Logger
}

// Reads our end of a pipe. It closes when we end, however we end, and then the server gets its fast shutdown.
// Background jobs of sh have /dev/null for stdin, hence the detour over descriptor 3.
const watched = `
"$@" 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -0 $$ 2>/dev/null && kill -INT "$server" 2>/dev/null; } &
exec 3<&-
wait "$server"`

const settings = (port: number, durable: boolean): string[] =>
  Object.entries({
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 300,
    log_timezone: 'UTC',
    timezone: 'UTC',
    // A detail or a statement in the log could hold a value from a row.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    jit: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
  } catch {
    return ''
  }
}

function openLog(file: string): number {
  // A file of another user's cannot be truncated, but removed.
  rmSync(file, { force: true })
  return openSync(file, 'a', 0o600)
}

/** Runs the server under a watcher that ends it when this process is gone. */
export function runServer({ place, binaries, port, durable, logger }: RunOptions): ServerProcess {
  const log = openLog(place.logFile)
  const command = [binaries.postgres, '-D', place.cluster, ...settings(port, durable)]
  const child = spawn('/bin/sh', ['-c', `exec 3<&0 </dev/null; ${watched}`, 'sh', ...command], {
    cwd: '/',
    env: environment,
    // Away from the terminal's group: a Ctrl-C there must not stop the database before its clients.
    detached: true,
    stdio: ['pipe', log, log],
    ...place.user,
  })
  closeSync(log)
  let exited = false
  let stopping = false
  const exit = new Promise<void>((resolve) => {
    const end = () => {
      exited = true
      child.stdin?.destroy()
      if (!stopping) logger.error({ log: lastLines(place.logFile, 5) }, 'Postgres ended by itself')
      resolve()
    }
    child.once('exit', end).once('error', end)
  })
  child.stdin?.on('error', () => undefined)
  child.unref()

  return {
    hasExited: () => exited,
    isReady: () => lastLines(place.logFile, 50).includes('ready to accept connections'),
    failure() {
      const said = lastLines(place.logFile, 20)
      const occupied = said.includes('could not bind')
      return new PostgresError(
        occupied ? 'port-occupied' : 'start-failed',
        `Postgres did not start${occupied ? `, port ${port} is occupied` : ''}:\n${said}`,
      )
    },
    mayTryAgain(anyPort) {
      const said = lastLines(place.logFile, 20)
      return (anyPort && said.includes('could not bind')) || said.includes('is still in use')
    },
    async stop() {
      stopping = true
      if (exited) return
      child.ref()
      child.stdin?.end()
      const deadline = setTimeout(() => {
        void serverPid(place).then((pid) => (pid === undefined ? undefined : endServer(pid, 3_000)))
      }, 10_000)
      await exit
      clearTimeout(deadline)
    },
  }
}
