import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stopLeftover } from './leftover.ts'
import type { Logger } from './logger.ts'
import { PostgresError } from './postgres-error.ts'
import { canReach, chooseServerUser } from './server-user.ts'
import type { ServerUser } from './server-user.ts'

/** Where one server keeps its files, all of them in `base`. */
export interface Place {
  base: string
  cluster: string
  passwordFile: string
  ownerFile: string
  logFile: string
  user: ServerUser | undefined
}

// Root alone writes here, so that nobody else can lay a trap under a name that is easy to guess.
const rootsPlace = '/var/tmp/minaintyg-postgres'

/** A directory of root's that every user may pass through. */
export async function openRootsPlace(): Promise<string> {
  await mkdir(rootsPlace, { recursive: true, mode: 0o755 })
  const found = await lstat(rootsPlace)
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new PostgresError('start-failed', `${rootsPlace} is not root's alone; remove it`)
  }
  await chmod(rootsPlace, 0o755)
  return rootsPlace
}

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

/** The directory itself, or one of root's where the server's user cannot reach it (a checkout in /root, say). */
export async function choosePlace(dataDir: string, logger: Logger): Promise<Place> {
  await mkdir(dataDir, { recursive: true })
  const home = await realpath(dataDir)
  const user = await chooseServerUser(join(home, 'cluster'))
  // Passable for the server's user, and what is in it has modes of its own.
  if (user) await chmod(home, 0o711)
  if (await canReach(home, user)) return placeAt(home, user)

  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const base = join(await openRootsPlace(), `data-${name}`)
  const marker = join(home, 'location')
  const place = placeAt(base, await chooseServerUser(join(base, 'cluster')))
  if (!(await isMarked(marker, base))) {
    // Whoever removed the data directory meant to remove the data.
    await stopLeftover(place, logger)
    await rm(base, { recursive: true, force: true })
  }
  await mkdir(base, { recursive: true, mode: 0o711 })
  await writeFile(marker, base)
  logger.info(
    { base },
    'the server’s user cannot reach the data directory; its files lie elsewhere',
  )
  return place
}
