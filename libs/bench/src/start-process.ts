import { fork } from 'node:child_process'
import { once } from 'node:events'

/** What the child says when what it should start is up, or why it is not. */
export type Started = { facts: unknown } | { error: string }

export interface StartOptions {
  module: URL
  exported: string
  options: object
}

const host = new URL('./process.ts', import.meta.url)
const patience = 10_000

/** Starts something in a process of its own, which ends with this one. */
export async function startProcess({ module, exported, options }: StartOptions) {
  const child = fork(host, [module.href, exported, JSON.stringify(options)], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(() => ({ error: 'it ended' }))
  const said = once(child, 'message').then(([message]) => message as Started)
  const started = await Promise.race([said, ended])
  if ('error' in started) {
    child.kill('SIGKILL')
    throw new Error(`${exported} of ${module.pathname} did not start: ${started.error}`)
  }
  return {
    facts: started.facts,
    async stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      await ended
      clearTimeout(timer)
    },
  }
}
