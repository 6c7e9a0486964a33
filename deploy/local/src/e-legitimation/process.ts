import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { RelyingParty } from './provider.ts'

export interface ELegitimationProcess {
  readonly issuer: string
  stop(): Promise<void>
}

export interface ELegitimationOptions {
  /** 0: any that is free. */
  port: number
  /** `http://localhost:<port>` where left out. */
  issuer?: string
  relyingParties: readonly RelyingParty[]
}

const program = join(import.meta.dirname, 'main.ts')

/** Starts the e-legitimation in a process of its own, which ends with this one. Resolves when it answers. */
export async function startELegitimation(
  options: ELegitimationOptions,
): Promise<ELegitimationProcess> {
  const { port, issuer, relyingParties } = options
  const child = fork(program, {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      RELYING_PARTIES: JSON.stringify(relyingParties),
      ...(issuer === undefined ? {} : { ISSUER: issuer }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const failed = ended.then(([code]) => {
    throw new Error(`The e-legitimation ended with code ${String(code)} before it was ready`)
  })
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [{ ready: string }]
  failed.catch(() => undefined)
  return {
    issuer: message.ready,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
