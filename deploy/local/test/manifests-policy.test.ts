import { jest } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { prometheusRuleIsStale } from '../src/containers/prometheus-rule.ts'
import { buildOverlay, nameOf, ofKind, overlays, workloadsOf } from './manifests.ts'
import type { Container, Resource, Workload } from './manifests.ts'

jest.setTimeout(120_000)

const services = ['certificate-store', 'consent', 'dispatch', 'gateway', 'identity', 'rendering']

/** What the Pod Security Standard "restricted" asks of pods (kubernetes.io/docs/concepts/security/pod-security-standards). */
function podFaults({ pod }: Workload): string[] {
  const { securityContext: context = {} } = pod
  const seccomp = (context['seccompProfile'] ?? {}) as { type?: string }
  const allowed = [
    'configMap',
    'downwardAPI',
    'emptyDir',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ]
  const volumes = (pod.volumes ?? []).flatMap((volume) =>
    Object.keys(volume).filter((key) => key !== 'name' && !allowed.includes(key)),
  )
  return [
    ...(context['runAsNonRoot'] === true ? [] : ['may run as root']),
    ...(Number(context['runAsUser'] ?? 0) > 0 ? [] : ['has no user that is not root']),
    ...(seccomp.type === 'RuntimeDefault' ? [] : ['has no seccomp profile']),
    ...(pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true
      ? ['is in the host']
      : []),
    ...volumes.map((kind) => `has a volume of kind ${kind}`),
    ...(pod.automountServiceAccountToken === false ? [] : ['holds a token of Kubernetes']),
    ...(pod.enableServiceLinks === false ? [] : ['is given variables named after services']),
  ]
}

function containerFaults({ name, image, securityContext = {}, resources }: Container): string[] {
  const { drop = [], add = [] } = (securityContext['capabilities'] ?? {}) as Record<
    string,
    string[]
  >
  const [, tag] = /:([^/]+)$/.exec(image) ?? []
  const faults = [
    ...(securityContext['allowPrivilegeEscalation'] === false ? [] : ['may gain privileges']),
    ...(securityContext['privileged'] === true ? ['is privileged'] : []),
    ...(drop.includes('ALL') && add.length === 0 ? [] : ['keeps capabilities']),
    ...(securityContext['readOnlyRootFilesystem'] === true ? [] : ['can write to its root']),
    ...(tag === undefined || tag === 'latest' ? [`has an image without a version: ${image}`] : []),
    ...(resources?.requests?.['cpu'] === undefined ? ['asks for no processor'] : []),
    ...(resources?.requests?.['memory'] === undefined ? ['asks for no memory'] : []),
    ...(resources?.limits?.['memory'] === undefined ? ['has no limit of memory'] : []),
  ]
  return faults.map((fault) => `container ${name} ${fault}`)
}

function restrictedFaults(resources: readonly Resource[]): string[] {
  return workloadsOf(resources).flatMap((workload) => {
    const { initContainers = [], containers } = workload.pod
    const faults = [
      ...podFaults(workload),
      ...[...initContainers, ...containers].flatMap(containerFaults),
    ]
    return faults.map((fault) => `${workload.kind} ${workload.metadata.name} ${fault}`)
  })
}

/** Seconds: `gracePeriod` of libs/service, with SHUTDOWN_NOTICE in it; and what a node that is busy may be late. */
const ownEnd = 25
const spare = 5

/** What whoever is on call relies on when pods come and go. */
function lifeFaults(workload: Workload): string[] {
  const { pod, spec } = workload
  const probes = pod.containers.flatMap(({ name, startupProbe, livenessProbe, readinessProbe }) => [
    ...(startupProbe === undefined ? [`container ${name} has no start-up probe`] : []),
    ...(livenessProbe === undefined ? [`container ${name} has no liveness probe`] : []),
    ...(readinessProbe === undefined ? [`container ${name} has no readiness probe`] : []),
  ])
  if (!services.includes(nameOf(workload))) return probes
  const [service] = pod.containers
  const preStop = service?.lifecycle?.preStop?.sleep?.seconds ?? 0
  const keys = (pod.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey)
  return [
    ...probes,
    // Liveness that asked a dependency would restart everything when that is away.
    ...(service?.livenessProbe?.httpGet?.path === '/livez' ? [] : ['liveness is not /livez']),
    ...(service?.startupProbe?.httpGet?.path === '/livez' ? [] : ['start-up is not /livez']),
    ...(service?.readinessProbe?.httpGet?.path === '/readyz' ? [] : ['readiness is not /readyz']),
    ...(spec.strategy?.rollingUpdate?.maxUnavailable === 0 ? [] : ['goes before another is ready']),
    ...(preStop > 0 && preStop + ownEnd + spare <= (pod.terminationGracePeriodSeconds ?? 0)
      ? []
      : ['has no time for 25 s of finishing']),
    ...(keys.includes('topology.kubernetes.io/zone') ? [] : ['is not spread over zones']),
    ...(keys.includes('kubernetes.io/hostname') ? [] : ['is not spread over nodes']),
  ]
}

const allLifeFaults = (resources: readonly Resource[]) =>
  workloadsOf(resources)
    .filter(({ kind }) => kind !== 'Job')
    .flatMap((workload) => lifeFaults(workload).map((fault) => `${nameOf(workload)} ${fault}`))

/** Fewest replicas of each deployment, by whatever scales it. */
function leastReplicas(resources: readonly Resource[]): Record<string, number> {
  const scaled = [
    ...ofKind(resources, 'HorizontalPodAutoscaler'),
    ...ofKind(resources, 'ScaledObject'),
  ]
  return Object.fromEntries(
    ofKind(resources, 'Deployment').map(({ metadata: { name }, spec }) => {
      const scaler = scaled.find((each) => each.spec.scaleTargetRef.name === name)?.spec
      return [name, scaler?.minReplicas ?? scaler?.minReplicaCount ?? spec.replicas ?? 1]
    }),
  )
}

describe.each(overlays)('%s', (overlay) => {
  test('is as restricted as a pod can be', async () => {
    const resources = await buildOverlay(overlay)
    expect(workloadsOf(resources).length).toBeGreaterThanOrEqual(10)
    expect(restrictedFaults(resources)).toEqual([])
    const [namespace] = ofKind(resources, 'Namespace')
    expect(namespace?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    })
  })

  test('lives and ends as is said', async () => {
    expect(allLifeFaults(await buildOverlay(overlay))).toEqual([])
  })

  test('holds no secret, only references to them', async () => {
    const resources = await buildOverlay(overlay)
    expect(ofKind(resources, 'Secret')).toEqual([])
    const secret = /KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL|AMQP_URL/
    const told = ofKind(resources, 'ConfigMap').flatMap(({ data = {} }) => Object.keys(data))
    const plain = workloadsOf(resources).flatMap(({ pod }) =>
      pod.containers.flatMap(({ env = [] }) => env.filter((each) => each.value !== undefined)),
    )
    const names = [...told, ...plain.map(({ name }) => name)]
    expect(names.filter((name) => secret.test(name) && !name.endsWith('_FILE'))).toEqual([])
  })

  test('has for each service all that belongs to it', async () => {
    const resources = await buildOverlay(overlay)
    for (const kind of [
      'Deployment',
      'Service',
      'ServiceAccount',
      'PodDisruptionBudget',
      'NetworkPolicy',
    ]) {
      const names = ofKind(resources, kind).map(({ metadata }) => metadata.name)
      expect(names).toEqual(expect.arrayContaining(services))
    }
    const jobs = ofKind(resources, 'Job').map(({ metadata }) => metadata.name)
    expect(jobs).toHaveLength(4)
  })

  test('runs the migrations of the revision that it runs', async () => {
    const resources = await buildOverlay(overlay)
    for (const { metadata, pod } of workloadsOf(ofKind(resources, 'Job'))) {
      const [, service, revision] = /^migrate-(.+?)-(\d.*)$/.exec(metadata.name) ?? []
      const deployment = workloadsOf(ofKind(resources, 'Deployment')).find(
        (each) => nameOf(each) === service,
      )
      const image = pod.containers[0]?.image ?? ''
      expect(image).toBe(deployment?.pod.containers[0]?.image)
      expect(image.split(':').at(-1)?.replaceAll('.', '-')).toBe(revision)
    }
  })
})

test.each(['test', 'production'] as const)(
  '%s has two of each service and loses one at most',
  async (overlay) => {
    const resources = await buildOverlay(overlay)
    const least = leastReplicas(resources)
    expect(Object.keys(least).sort()).toEqual(services)
    expect(Object.values(least).filter((replicas) => replicas < 2)).toEqual([])
    for (const { spec } of ofKind(resources, 'PodDisruptionBudget'))
      expect(spec.maxUnavailable).toBe(1)
  },
)

test('the alerts in the cluster are those that were tested', async () => {
  expect(await prometheusRuleIsStale({ write: false })).toBe(false)
  const [rule] = ofKind(await buildOverlay('production'), 'PrometheusRule')
  const groups = rule?.spec.groups as { rules: object[] }[]
  expect(groups.flatMap(({ rules }) => rules).length).toBeGreaterThanOrEqual(14)
})

test('the guide names every secret that is asked for, with its keys', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../k8s/README.md'), 'utf8')
  const rows = [...guide.matchAll(/^ *\| `([a-z-<>]+)`[^|]*\|([^|]*)\|/gm)].flatMap(
    ([, name = '', keys = '']) => {
      const named = [...keys.matchAll(/`([A-Z_]+)`/g)].map(([, key]) => key)
      const migrated = ['identity', 'consent', 'certificate-store', 'dispatch']
      return name === 'migrate-<service>'
        ? migrated.map((service) => [`migrate-${service}`, named] as const)
        : [[name, named] as const]
    },
  )
  const asked: Record<string, string[]> = {}
  for (const { pod } of workloadsOf(await buildOverlay('production'))) {
    for (const { valueFrom } of pod.containers.flatMap(({ env = [] }) => env)) {
      const { name = '', key = '' } = valueFrom?.['secretKeyRef'] ?? {}
      ;(asked[name] ??= []).push(key)
    }
  }
  const told = Object.fromEntries(rows.filter(([name]) => !name.endsWith('-tls')))
  expect(told).toEqual(asked)
  const mounted = workloadsOf(await buildOverlay('production')).flatMap(({ pod }) =>
    (pod.volumes ?? []).flatMap(({ secret }) => (secret as { secretName: string }).secretName),
  )
  expect(mounted).toHaveLength(2)
  for (const name of mounted) expect(guide).toContain(`\`${name}\``)
})

// Fields are set that types forbid.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Change = (container: any, pod: any, resource: any) => void

describe('what is wrong is found:', () => {
  const faultsAfter = async (change: Change) => {
    const resources = structuredClone(await buildOverlay('production'))
    const resource = ofKind(resources, 'Deployment')[0]!
    const pod = resource.spec.template.spec
    change(pod.containers[0], pod, resource)
    return [...restrictedFaults(resources), ...allLifeFaults(resources)]
  }
  test.each<[string, Change]>([
    ['may run as root', (_container, pod) => delete pod.securityContext.runAsNonRoot],
    ['has no user that is not root', (_container, pod) => (pod.securityContext.runAsUser = 0)],
    ['has no seccomp profile', (_container, pod) => delete pod.securityContext.seccompProfile],
    ['is in the host', (_container, pod) => (pod.hostNetwork = true)],
    [
      'has a volume of kind hostPath',
      (_container, pod) => (pod.volumes = [{ name: 'x', hostPath: {} }]),
    ],
    ['holds a token of Kubernetes', (_container, pod) => delete pod.automountServiceAccountToken],
    [
      'may gain privileges',
      (container) => delete container.securityContext.allowPrivilegeEscalation,
    ],
    [
      'keeps capabilities',
      (container) => (container.securityContext.capabilities.add = ['NET_RAW']),
    ],
    [
      'can write to its root',
      (container) => delete container.securityContext.readOnlyRootFilesystem,
    ],
    ['has an image without a version', (container) => (container.image = 'x/y:latest')],
    ['has an image without a version', (container) => (container.image = 'localhost:5000/y')],
    ['has no limit of memory', (container) => delete container.resources.limits],
    ['asks for no processor', (container) => delete container.resources.requests.cpu],
    ['has no readiness probe', (container) => delete container.readinessProbe],
    ['liveness is not /livez', (container) => (container.livenessProbe.httpGet.path = '/readyz')],
    ['has no time for 25 s', (_container, pod) => (pod.terminationGracePeriodSeconds = 30)],
    ['is not spread over zones', (_container, pod) => pod.topologySpreadConstraints.shift()],
    ['goes before another is ready', (_container, _pod, { spec }) => delete spec.strategy],
  ])('%s', async (fault, change) => {
    expect(await faultsAfter(change)).toContainEqual(expect.stringContaining(fault))
  })
})
