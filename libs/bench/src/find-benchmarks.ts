import { glob } from 'node:fs/promises'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const places = [
  'libs/*/bench/*.bench.ts',
  'services/*/bench/*.bench.ts',
  'deploy/local/bench/*.bench.ts',
]

/** Files of all benchmarks by name, which is the file's. */
export async function findBenchmarks(): Promise<Map<string, string>> {
  const files: string[] = []
  for await (const file of glob(places, { cwd: root })) files.push(file)
  const found = new Map<string, string>()
  for (const file of files.sort()) {
    const name = basename(file, '.bench.ts')
    if (found.has(name)) throw new Error(`Two benchmarks are named ${name}`)
    found.set(name, join(root, file))
  }
  return found
}

/** Where results are written unless one says otherwise. */
export const defaultResults = join(root, '.bench')
