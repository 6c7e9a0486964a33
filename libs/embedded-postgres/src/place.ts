import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stopLeftover } from './leftover.ts'
import type { Logger } from './logger.ts'
import { PostgresError } from './postgres-error.ts'
import { openRootsPlace } from './roots-place.ts'
import { canReach, chooseServerUser } from './server-user.ts'
import type { Place } from './place-model.ts'
import type { ServerUser } from './server-user.ts'

function placeAt(base: string, user: ServerUser | undefined): Place {
  return {
    base,
    cluster: join(base, 'cluster'),
    passwordFile: join(base, 'password'),
    ownerFile: join(base, 'owner.json'),
    logFile: join(base, 'server.log'),
    user,
  }
}

async function isMarked(marker: string, base: string): Promise<boolean> {
  try {
    return (await readFile(marker, 'utf8')) === base
  } catch {
    return false
  }
}

/** Removes what was kept here for data directories that are gone. */
async function sweep(parent: string, logger: Logger): Promise<void> {
  for (const name of await readdir(parent)) {
    const base = join(parent, name)
    const origin = await readFile(join(base, 'origin'), 'utf8').catch(() => undefined)
    if (origin === undefined || (await isMarked(join(origin, 'location'), base))) continue
    try {
      await stopLeftover(placeAt(base, undefined), logger)
      await rm(base, { recursive: true, force: true })
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error
    }
  }
}

/** The directory itself, or one of root's where the server's user cannot reach it (a checkout in /root, say). */
export async function choosePlace(dataDir: string, logger: Logger): Promise<Place> {
  await mkdir(dataDir, { recursive: true })
  const home = await realpath(dataDir)
  const user = await chooseServerUser(join(home, 'cluster'))
  // Passable for the server's user, and what is in it has modes of its own.
  if (user) await chmod(home, 0o711)
  if (await canReach(home, user)) return placeAt(home, user)

  const parent = await openRootsPlace()
  await sweep(parent, logger)
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const base = join(parent, `data-${name}`)
  // Marked from both ends, this one first: another process may be sweeping.
  await writeFile(join(home, 'location'), base)
  await mkdir(base, { recursive: true, mode: 0o711 })
  await writeFile(join(base, 'origin'), home)
  logger.info(
    { base },
    'the server’s user cannot reach the data directory; its files lie elsewhere',
  )
  return placeAt(base, await chooseServerUser(join(base, 'cluster')))
}
