import { chmod, lstat, mkdir } from 'node:fs/promises'
import { PostgresError } from './postgres-error.ts'

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
