import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { renderManifests } from '../src/containers/render-manifests.ts'

const root = join(import.meta.dirname, '../../..')
export const cacheFolder = join(root, 'node_modules/.cache/minaintyg')

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
  volumeMounts?: { name: string; mountPath: string }[]
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

async function build(overlay: Overlay): Promise<Resource[]> {
  const text = await renderManifests(overlay)
  return parseAllDocuments(text).map((document) => document.toJS() as Resource)
}

/** What `kubectl kustomize` makes of an overlay. */
export function buildOverlay(overlay: Overlay): Promise<Resource[]> {
  const known = built.get(overlay) ?? build(overlay)
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
