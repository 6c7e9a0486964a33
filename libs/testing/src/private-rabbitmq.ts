import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const run = promisify(execFile)

/** Where packages of RabbitMQ put the server itself, without the wrapper that changes the user. */
const folders = [process.env['RABBITMQ_BIN'], '/usr/lib/rabbitmq/bin', '/opt/rabbitmq/sbin']
const binaries = folders.find(
  (folder) => folder !== undefined && existsSync(join(folder, 'rabbitmq-server')),
)

/** Whether a test can have a RabbitMQ of its own here. */
export const hasRabbitmq = binaries !== undefined

/** A RabbitMQ of a test's own, which it may configure, stop and kill. */
export interface PrivateRabbitmq {
  /** As guest, who may do everything in the virtual host `/`. */
  url: string
  urlOf: (user: { name: string; password: string; vhost: string }) => string
  /** Runs `rabbitmqctl` and answers what it printed. */
  control: (...words: string[]) => Promise<string>
  pid: () => Promise<number>
  start: () => Promise<void>
  stop: () => Promise<void>
  /** Ends it at once, as a power cut would; `start` brings it back with what it has on disk. */
  kill: () => Promise<void>
  /** Stops it and removes its files. */
  remove: () => Promise<void>
}

/** Also where nobody collects the dead, as in a container whose first process is no init. */
async function hasEnded(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return /\) Z /.test(stat)
}

async function createEnvironment(folder: string, port: number, more: readonly string[]) {
  const inherited = { PATH: process.env['PATH'], LANG: 'C.UTF-8' }
  const configuration = [
    `listeners.tcp.default = 127.0.0.1:${port}`,
    'loopback_users = none',
    'vm_memory_high_watermark.absolute = 512MB',
    'disk_free_limit.absolute = 50MB',
    ...more,
  ]
  await writeFile(join(folder, 'rabbitmq.conf'), configuration.join('\n'))
  await writeFile(join(folder, 'enabled_plugins'), '[].')
  await mkdir(join(folder, 'log'))
  return {
    ...inherited,
    HOME: folder,
    RABBITMQ_NODENAME: `test-${port}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    ERL_EPMD_PORT: String(await freePort()),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
  }
}

/** Starts a RabbitMQ with files, ports and a name of its own; where its binaries are is {@link describeWithPrivateRabbitmq}’s question. */
export async function startPrivateRabbitmq({
  configuration = [],
}: {
  /** Lines for rabbitmq.conf. */
  configuration?: readonly string[]
} = {}): Promise<PrivateRabbitmq> {
  if (binaries === undefined) throw new Error('The binaries of RabbitMQ are not on this machine')
  const folder = await mkdtemp(join(tmpdir(), 'minaintyg-rabbitmq-'))
  const port = await freePort()
  const env = await createEnvironment(folder, port, configuration)
  const call = async (program: string, words: string[]) => {
    const { stdout } = await run(join(binaries, program), words, { env, timeout: 90_000 })
    return stdout
  }
  const control = (...words: string[]) => call('rabbitmqctl', ['-q', ...words])
  const address = `127.0.0.1:${port}`
  const server: PrivateRabbitmq = {
    url: `amqp://guest:guest@${address}`,
    urlOf: ({ name, password, vhost }) =>
      `amqp://${name}:${password}@${address}/${encodeURIComponent(vhost)}`,
    control,
    pid: async () => Number(await readFile(join(folder, 'pid'), 'utf8')),
    async start() {
      await call('rabbitmq-server', ['-detached'])
      await control('wait', join(folder, 'pid'), '--timeout', '60')
    },
    async stop() {
      await control('stop', join(folder, 'pid')).catch(() => undefined)
    },
    async kill() {
      const pid = await server.pid()
      process.kill(pid, 'SIGKILL')
      await until(() => hasEnded(pid), { timeout: 30_000 })
      // `start` would take the process of this number for the new one.
      await rm(join(folder, 'pid'))
    },
    async remove() {
      await server.stop()
      // Each start of Erlang leaves a daemon of names behind, on a port of our own here.
      await run('epmd', ['-port', env.ERL_EPMD_PORT, '-kill'], { env }).catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await server.start()
    return server
  } catch (error) {
    await server.remove()
    throw error
  }
}

/** describe() for a RabbitMQ of the test's own: skipped, aloud, where its binaries are not; a failure where it is required. */
export function describeWithPrivateRabbitmq(name: string, tests: () => void): void {
  if (binaries !== undefined) {
    describe(name, tests)
    return
  }
  if (process.env['REQUIRE_RABBITMQ'] === '1') {
    throw new Error('REQUIRE_RABBITMQ=1, and the binaries of RabbitMQ are not on this machine')
  }
  process.stdout.write(
    `\nSKIPPED: «${name}», as the binaries of RabbitMQ are not here. To run it: apt-get install rabbitmq-server.\n`,
  )
  describe.skip(name, tests)
}
