import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import type { Place } from './place-model.ts'
import { PostgresError } from './postgres-error.ts'

const run = promisify(execFile)

/** The superuser of every cluster. */
export const userName = 'minaintyg'

/** What the programs see of the environment: nothing that differs between machines. */
export const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function clusterVersion({ cluster }: Place): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  } catch {
    return undefined
  }
}

async function initialize(place: Place, { initdb }: Binaries): Promise<void> {
  const { base, cluster, passwordFile, user } = place
  // Renamed when it is whole: a kill in the middle leaves no cluster that only looks like one.
  const unfinished = join(base, 'cluster.unfinished')
  const handedOver = join(base, 'initdb-password')
  const password = randomBytes(24).toString('base64url')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(handedOver, password, { mode: 0o600 })
  if (user) await Promise.all([unfinished, handedOver].map((p) => chown(p, user.uid, user.gid)))
  try {
    await run(
      initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${userName}`,
        `--pwfile=${handedOver}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
        '--no-instructions',
      ],
      { cwd: '/', env: environment, ...user },
    )
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? ''
    const why = said === '' ? (error as Error).message : said
    throw new PostgresError('start-failed', `initdb failed: ${why}`, { cause: error })
  } finally {
    await rm(handedOver, { force: true })
  }
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, password, { mode: 0o600 })
  await rename(unfinished, cluster)
}

/** Makes the cluster where there is none. @returns the superuser's password */
export async function ensureCluster(place: Place, binaries: Binaries): Promise<string> {
  const version = await clusterVersion(place)
  if (version === undefined) {
    await initialize(place, binaries)
  } else if (version !== binaries.major) {
    throw new PostgresError(
      'wrong-version',
      `${place.cluster} was made by Postgres ${version}, and this is Postgres ${binaries.major}. Remove the directory to start afresh, or upgrade it with pg_upgrade.`,
    )
  }
  return readFile(place.passwordFile, 'utf8')
}
