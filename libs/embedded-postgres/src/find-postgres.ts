import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { userName } from './cluster.ts'

/**
 * The server that another process has running in a data directory.
 * @returns what makes the URL of a database there; undefined where none runs
 */
export async function findPostgres(
  dataDir: string,
): Promise<((database: string) => string) | undefined> {
  const base = await readFile(join(dataDir, 'location'), 'utf8').catch(() => dataDir)
  try {
    const running = await readFile(join(base, 'cluster/postmaster.pid'), 'utf8')
    const password = await readFile(join(base, 'password'), 'utf8')
    const port = running.split('\n')[3] ?? ''
    return (database) =>
      `postgres://${userName}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
