import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createTestDatabase, freePort, scannedChild, until } from '@minaintyg/testing'
import type { IdentityConfig } from '../src/app.ts'
import { createPrivateJwk, identityConfig } from './identity-under-test.ts'

export type IdentityProcess = Awaited<ReturnType<typeof startIdentityProcess>>

/** The service as it runs, on a database of its own: oidc-provider does not run within Jest's realm. */
export async function startIdentityProcess(overrides: Partial<IdentityConfig>) {
  const database = await createTestDatabase('identity')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = identityConfig(database.url, 'http://localhost:1', await createPrivateJwk('rp'), {
    PORT: port,
    ...overrides,
  })
  const env = Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, String(value)]),
  )
  const child = fork(join(import.meta.dirname, '../src/main.ts'), {
    execArgv: [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      `--import=${join(import.meta.dirname, 'movable-clock.ts')}`,
    ],
    env: { ...env, ...scannedChild(), PATH: process.env['PATH'] },
    silent: true,
  })
  let output = ''
  const collect = (chunk: unknown) => void (output += String(chunk))
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const isReady = async () => (await fetch(`${url}/readyz`)).ok
  await until(() => isReady().catch(() => false))
  return {
    url,
    config,
    database,
    output: () => output,
    /** Puts the clock of the process forward. */
    async forward(milliseconds: number) {
      const moved = once(child, 'message')
      child.send(milliseconds)
      await moved
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await database.drop()
    },
  }
}
