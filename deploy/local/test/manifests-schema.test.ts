import { jest } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildOverlay, cacheFolder, overlays } from './manifests.ts'
import type { Resource } from './manifests.ts'

jest.setTimeout(180_000)

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Which package knows the kinds of a group. */
function packageOf(apiVersion: string): string {
  if (apiVersion.startsWith('keda.sh/')) return '@kubernetes-models/keda'
  if (apiVersion.startsWith('monitoring.coreos.com/'))
    return '@kubernetes-models/prometheus-operator'
  return 'kubernetes-models'
}
const moduleOf = ({ apiVersion, kind }: Resource) =>
  `${packageOf(apiVersion)}/${apiVersion}/${kind}`

/** Faults by the schemas of Kubernetes and of the operators: what is missing, and values that may not be. */
async function schemaFaults(resources: readonly Resource[]): Promise<string[]> {
  const faults: string[] = []
  for (const resource of resources) {
    const models = (await import(moduleOf(resource))) as Record<
      string,
      new (data: object) => { validate(): void }
    >
    const Model = models[resource.kind]!
    try {
      new Model(resource).validate()
    } catch (error) {
      faults.push(`${resource.kind} ${resource.metadata.name}: ${(error as Error).message}`)
    }
  }
  return faults
}

/** Faults by the types of the same: fields that do not exist, which schemas let pass and Kubernetes drops. */
async function typeFaults(resources: readonly Resource[]): Promise<string[]> {
  await mkdir(cacheFolder, { recursive: true })
  const folder = await mkdtemp(join(cacheFolder, 'manifests-'))
  try {
    const lines = resources.map((resource, index) => {
      const type = `import('${moduleOf(resource)}').I${resource.kind}`
      return `export const r${index}: ${type} = ${JSON.stringify(resource)}\n`
    })
    await writeFile(join(folder, 'manifests.ts'), lines.join(''))
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: true, types: [] },
      ...{ module: 'nodenext', target: 'es2024' },
    }
    const project = { compilerOptions, files: ['manifests.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project))
    const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc')
    await run(process.execPath, [tsc, '-p', folder], {
      maxBuffer: 16 * 1024 * 1024,
      env: { PATH: process.env['PATH'] },
    })
    return []
  } catch (error) {
    return (error as { stdout: string }).stdout.split('\n').filter((line) => line !== '')
  } finally {
    await rm(folder, { recursive: true })
  }
}

test.each(overlays)('%s follows the schemas of Kubernetes', async (overlay) => {
  const resources = await buildOverlay(overlay)
  expect(resources.length).toBeGreaterThan(30)
  expect(await schemaFaults(resources)).toEqual([])
})

test('no overlay has a field that does not exist', async () => {
  const all = await Promise.all(overlays.map(buildOverlay))
  expect(await typeFaults(all.flat())).toEqual([])
})

describe('what is wrong', () => {
  const withFault = async (change: (deployment: Resource) => void) => {
    const deployment = structuredClone(
      (await buildOverlay('production')).find(({ kind }) => kind === 'Deployment')!,
    )
    change(deployment)
    return [deployment]
  }
  test('is found: a field that is missing', async () => {
    const resources = await withFault(({ spec }) => delete spec.selector)
    expect(await schemaFaults(resources)).toEqual([expect.stringContaining('selector')])
  })
  test('is found: a value of another type', async () => {
    const resources = await withFault(({ spec }) => (spec.minReadySeconds = 'five'))
    expect(await schemaFaults(resources)).toHaveLength(1)
  })
  test('is found: a field that does not exist', async () => {
    const resources = await withFault(({ spec }) => (spec.template.spec.securityContexts = {}))
    expect(await typeFaults(resources)).toEqual([expect.stringContaining('securityContexts')])
  })
})
