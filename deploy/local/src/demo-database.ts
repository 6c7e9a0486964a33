import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { PostgresError, findPostgres, startPostgres } from '@minaintyg/embedded-postgres'

interface Reachable {
  url: (database: string) => string
  stop: () => Promise<void>
}

/** The demo's Postgres: as it runs, else started for this. */
async function reachPostgres(dataDir: string): Promise<Reachable> {
  try {
    const server = await startPostgres({ dataDir })
    return { url: (database) => server.url(database), stop: () => server.stop() }
  } catch (error) {
    const url = await findPostgres(dataDir)
    if (!(error instanceof PostgresError) || error.code !== 'in-use' || !url) throw error
    return { url, stop: async () => undefined }
  }
}

/** Runs a service's command with these variables besides one's own. @returns its exit code */
export async function runCommand(
  command: string,
  flags: readonly string[],
  variables: Record<string, string>,
): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', command, ...flags],
    { stdio: 'inherit', env: { ...process.env, ...variables } },
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

/** Does something with the demo's databases, up or not. @returns the exit code; 2 where there is no demo yet */
export async function withDemoDatabases(
  stateDir: string,
  act: (url: Reachable['url']) => Promise<number>,
): Promise<number> {
  const dataDir = join(stateDir, 'postgres')
  if (!existsSync(dataDir)) {
    process.stderr.write('There is no demo here yet: make demo, or set DATABASE_URL\n')
    return 2
  }
  const postgres = await reachPostgres(dataDir)
  try {
    return await act(postgres.url)
  } finally {
    await postgres.stop()
  }
}
