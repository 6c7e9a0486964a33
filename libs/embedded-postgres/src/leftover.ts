import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from './logger.ts'
import type { Place } from './place-model.ts'
import { PostgresError } from './postgres-error.ts'
import { commandOf, isAlive, startedAt } from './process-identity.ts'

interface Owner {
  pid: number
  startedAt: string | undefined
}

/** Notes that this process holds the data directory. */
export async function writeOwner({ ownerFile }: Place): Promise<void> {
  const owner: Owner = { pid: process.pid, startedAt: await startedAt(process.pid) }
  const fresh = `${ownerFile}.${process.pid}`
  await writeFile(fresh, JSON.stringify(owner))
  await rename(fresh, ownerFile)
}

/** Lets go of the data directory. */
export async function clearOwner({ ownerFile }: Place): Promise<void> {
  await rm(ownerFile, { force: true })
}

async function livingOwner({ ownerFile }: Place): Promise<number | undefined> {
  try {
    const owner = JSON.parse(await readFile(ownerFile, 'utf8')) as Owner
    const alive = isAlive(owner.pid) && (await startedAt(owner.pid)) === owner.startedAt
    return alive ? owner.pid : undefined
  } catch {
    return undefined
  }
}

/** The pid in postmaster.pid, where it is that of a postgres on this very cluster. */
export async function serverPid({ cluster }: Place): Promise<number | undefined> {
  let pid: number
  try {
    pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0])
  } catch {
    return undefined
  }
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined
  const command = await commandOf(pid)
  return command?.includes(`-D ${cluster} `) === true ? pid : undefined
}

async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (Date.now() < deadline) {
    if (!isAlive(pid) || (await startedAt(pid)) === undefined) return true
    await pause(50)
  }
  return false
}

/** Fast shutdown, then immediate, then the end: Postgres recovers from its log at the next start. */
export async function endServer(pid: number, patience: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw error
    }
    if (await endsWithin(pid, patience)) return
  }
  throw new PostgresError('in-use', `Postgres (process ${pid}) does not stop`)
}

/**
 * Makes a cluster free to start on: a server whose owner is gone is stopped, a stale lock file removed.
 * @throws {PostgresError} `in-use` when its owner lives: the same data directory is never served twice
 */
export async function stopLeftover(place: Place, logger: Logger): Promise<void> {
  const pid = await serverPid(place)
  const owner = await livingOwner(place)
  if (owner !== undefined && (pid !== undefined || owner !== process.pid)) {
    throw new PostgresError('in-use', `${place.base} is in use by process ${owner}`)
  }
  if (pid === undefined) {
    // Postgres would take a foreign process that has got the old pid for itself, and refuse.
    await rm(join(place.cluster, 'postmaster.pid'), { force: true })
    return
  }
  logger.warn({ pid }, 'a server of an earlier run is still up; stopping it')
  // Its watcher may be at it already.
  if (!(await endsWithin(pid, 500))) await endServer(pid, 5_000)
}
