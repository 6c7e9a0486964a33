import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Settings } from './settings.ts'

export interface SystemProcess {
  readonly pid: number
  /** A file for each party that says something. */
  readonly logFolder: string
  /** Resolves with the exit code when it ends, for whatever reason. */
  readonly ended: Promise<number | null>
  stop(): Promise<void>
}

type Message = { ready: true } | { failed: string }

/** Parts the JSON lines by who says them; what is no JSON line is of nobody's. */
function fileLogs(output: Readable, folder: string): void {
  const files = new Map<string, WriteStream>()
  const fileOf = (name: string) => {
    const known = files.get(name)
    if (known) return known
    const file = createWriteStream(join(folder, `${name}.log`), { flags: 'a', mode: 0o600 })
    files.set(name, file)
    return file
  }
  const lines = createInterface(output)
  lines.on('line', (line) => {
    const [, name = 'console'] = /"service":"([a-z-]+)"/.exec(line) ?? []
    fileOf(name).write(`${line}\n`)
  })
  lines.on('close', () => {
    for (const file of files.values()) file.end()
  })
}

async function untilReady(child: ChildProcess, logFolder: string): Promise<void> {
  const ended = once(child, 'exit').then(() => ({ failed: `it ended; see ${logFolder}` }))
  const spoke = once(child, 'message').then(([message]) => message as Message)
  const message = await Promise.race([spoke, ended])
  if ('failed' in message) throw new Error(message.failed)
}

/** Starts everything (`main.ts`) in a process of its own, which ends with this one. */
export async function startSystemProcess(settings: Settings): Promise<SystemProcess> {
  const logFolder = join(settings.stateDir, 'log')
  mkdirSync(logFolder, { recursive: true })
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    // Away from the terminal's group: a Ctrl-C is for us, and we stop it in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      // Halves the time that loading takes, from the second start on.
      NODE_COMPILE_CACHE: join(settings.stateDir, 'compile-cache'),
      MINAINTYG_PORT_BASE: String(settings.portBase),
      MINAINTYG_STATE_DIR: settings.stateDir,
      MINAINTYG_FRONTEND_ORIGIN: settings.frontendOrigin ?? '',
      AMQP_URL: settings.amqpUrl ?? '',
      LOG_LEVEL: settings.logLevel,
      RECIPIENTS: settings.recipients ?? '',
      METRICS_PORT: settings.metricsPort === undefined ? '' : String(settings.metricsPort),
      OTEL_EXPORTER_OTLP_ENDPOINT: settings.traceEndpoint ?? '',
      MINAINTYG_RATE_LIMIT: settings.rateLimit === undefined ? '' : String(settings.rateLimit),
    },
  })
  for (const output of [child.stdout, child.stderr]) if (output) fileLogs(output, logFolder)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  await untilReady(child, logFolder)
  return {
    pid: child.pid ?? 0,
    logFolder,
    ended,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
