import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort, scannedChild } from '@minaintyg/testing'

export const serviceFolders = {
  identity: 'identity',
  consent: 'consent',
  certificateStore: 'certificate-store',
  rendering: 'rendering',
  dispatch: 'dispatch',
  gateway: 'gateway',
} as const
export type ServiceName = keyof typeof serviceFolders

/** One service as it runs in a container: its main file, its variables, a port of its own. */
export async function startServiceProcess(name: ServiceName, variables: Record<string, string>) {
  const port = await freePort()
  const program = join(
    import.meta.dirname,
    '../../../services',
    serviceFolders[name],
    'src/main.ts',
  )
  const child = fork(program, {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    env: {
      ...scannedChild(),
      PATH: process.env['PATH'],
      ...variables,
      HOST: '127.0.0.1',
      PORT: String(port),
    },
    silent: true,
  })
  const lines: string[] = []
  for (const output of [child.stdout, child.stderr]) {
    let rest = ''
    output?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    })
  }
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as const)
  const url = `http://127.0.0.1:${port}`
  return {
    name,
    port,
    url,
    /** What it has logged. */
    lines,
    ended,
    probe: (path: '/livez' | '/readyz') =>
      fetch(url + path, { headers: { connection: 'close' } }).then(
        async (answer) => ({
          status: answer.status,
          body: (await answer.json()) as { missing?: string[] },
        }),
        () => ({ status: 0, body: { missing: ['no answer'] } }),
      ),
    /** @returns how it ended */
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
    kill: () => child.kill('SIGKILL'),
  }
}
export type ServiceProcess = Awaited<ReturnType<typeof startServiceProcess>>
