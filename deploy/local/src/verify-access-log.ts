import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { PostgresError, findPostgres, startPostgres } from '@minaintyg/embedded-postgres'
import { databaseNames } from './databases.ts'
import { accessLogKeys } from './environments.ts'
import { openSecrets } from './secrets.ts'
import { readSettings } from './settings.ts'

const command = resolve(
  import.meta.dirname,
  '../../../services/certificate-store/src/cli/verify-access-log.ts',
)

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

async function verify(variables: Record<string, string>): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', command, ...flags],
    { stdio: 'inherit', env: { ...process.env, ...variables } },
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

async function verifyDemo(): Promise<number> {
  const { stateDir } = readSettings(process.env)
  const dataDir = join(stateDir, 'postgres')
  if (!existsSync(dataDir)) {
    process.stderr.write('There is no demo here yet: make demo, or set DATABASE_URL\n')
    return 2
  }
  const postgres = await reachPostgres(dataDir)
  try {
    return await verify({
      DATABASE_URL: postgres.url(databaseNames.certificateStore),
      ACCESS_LOG_KEYS: await accessLogKeys(await openSecrets(stateDir)),
    })
  } finally {
    await postgres.stop()
  }
}

const flags = process.argv.slice(2)
process.exitCode = await (process.env['DATABASE_URL'] === undefined ? verifyDemo() : verify({}))
