import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'

const repository = resolve(import.meta.dirname, '../../..')
const root = join(repository, 'deploy/local/web')
const bundler = join(import.meta.dirname, 'web-bundler.ts')
/** What goes into the pages; a change of any of it makes a new build. */
const sources = [
  root,
  join(repository, 'libs/gateway-client/src'),
  join(repository, 'package-lock.json'),
  bundler,
]
const cache = join(repository, 'node_modules/.cache/web')

async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

async function hashOfSources(): Promise<string> {
  const files = (await Promise.all(sources.map(filesUnder))).flat().sort()
  const hash = createHash('sha256')
  for (const file of files) {
    hash
      .update(relative(repository, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0')
  }
  return hash.digest('hex').slice(0, 32)
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

/** In a process of its own: the bundler is native code, and is not at home in every realm of this one. */
async function build(outDir: string): Promise<void> {
  await promisify(execFile)(process.execPath, [bundler, root, outDir], { cwd: repository })
}

/** The pages as they are served, built where their sources have changed. @returns the folder that holds them */
export async function builtWeb(): Promise<string> {
  const folder = join(cache, await hashOfSources())
  if (await isThere(folder)) return folder
  const unfinished = `${folder}.${randomUUID()}`
  await build(unfinished)
  // Two that build at the same time build the same.
  await rename(unfinished, folder).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true })
    if (!(await isThere(folder))) throw error
  })
  return folder
}
