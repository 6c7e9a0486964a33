import { jest } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOverlay, nameOf, ofKind, overlays, workloadsOf } from './manifests.ts'
import type { Resource } from './manifests.ts'
import { serviceConfigs } from './service-configs.ts'

jest.setTimeout(120_000)

test('the notice of an end leaves most of the time to finish in', async () => {
  const source = await readFile(join(import.meta.dirname, '../../../libs/service/src/service.ts'))
  expect(source.toString()).toContain('const gracePeriod = 25_000')
  for (const schema of Object.values(serviceConfigs)) {
    const { SHUTDOWN_NOTICE } = schema.properties as Record<string, { default?: number }>
    expect(SHUTDOWN_NOTICE?.default).toBeLessThanOrEqual(5_000)
  }
  for (const overlay of overlays) {
    const maps = ofKind(await buildOverlay(overlay), 'ConfigMap')
    expect(maps.filter(({ data = {} }) => 'SHUTDOWN_NOTICE' in data)).toEqual([])
  }
})

test('asks for what was measured, as the guide says', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../k8s/README.md'), 'utf8')
  const deployments = workloadsOf(ofKind(await buildOverlay('production'), 'Deployment'))
  expect(deployments).toHaveLength(6)
  for (const {
    metadata: { name: service },
    pod,
  } of deployments) {
    const row = guide.match(new RegExp(`^\\| ${service} .*\\d MB.*$`, 'm'))?.[0] ?? ''
    const [, measured, load, , request, limit] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim())
    const { requests = {}, limits = {} } = pod.containers[0]?.resources ?? {}
    const asWritten = (value: unknown) =>
      String(value)
        .replace(/(\d)Mi$/, '$1 Mi')
        .replace(/^1536/, '1,536')
    expect([service, request]).toEqual([
      service,
      `${String(requests['cpu'])}, ${asWritten(requests['memory'])}`,
    ])
    expect([service, limit]).toEqual([service, asWritten(limits['memory'])])
    expect(parseInt(String(requests['memory']))).toBeGreaterThan(parseInt(measured ?? ''))
    expect(parseInt(String(requests['cpu']))).toBeGreaterThan(parseInt(load ?? ''))
  }
})

test('reckons its capacity with what was measured', async () => {
  const read = (path: string) => readFile(join(import.meta.dirname, '../..', path), 'utf8')
  const rows = (text: string, pattern: string) =>
    [...text.matchAll(new RegExp(`^\\| ([a-z-]+) +\\| ${pattern}`, 'gm'))].map(
      ([, name = '', value]) => [name, Number(value)] as const,
    )
  const measured = rows(await read('k8s/README.md'), '\\d+ MB +\\| (\\d+) m ')
  const reckoned = new Map(rows(await read('README.md'), '(\\d+\\.\\d) +\\| [\\d,]+ a second'))
  expect(measured).toHaveLength(6)
  const perSecond = 17
  for (const [service, load] of measured) {
    expect([service, reckoned.get(service)]).toEqual([
      service,
      Number((load / perSecond).toFixed(1)),
    ])
  }
})

test('a root that nobody can write to has room where the images of others write', async () => {
  const sets = workloadsOf(ofKind(await buildOverlay('local'), 'StatefulSet'))
  const writable = (name: string) => {
    const { pod, spec } = sets.find((each) => nameOf(each) === name)!
    const claims = (spec.volumeClaimTemplates ?? []) as { metadata: { name: string } }[]
    const volumes = [
      ...claims.map(({ metadata }) => metadata.name),
      ...(pod.volumes ?? [])
        .filter(({ emptyDir }) => emptyDir !== undefined)
        .map((volume) => volume['name'] as string),
    ]
    return (pod.containers[0]?.volumeMounts ?? [])
      .filter((mount) => volumes.includes(mount.name))
      .map(({ mountPath }) => mountPath)
      .sort()
  }
  expect(writable('postgres')).toEqual(['/tmp', '/var/lib/postgresql/data', '/var/run/postgresql'])
  expect(writable('rabbitmq')).toEqual(['/tmp', '/var/lib/rabbitmq', '/var/log/rabbitmq'])
  // Else each start would open Postgres' files and Erlang's cookie to a group, which both refuse.
  for (const { pod } of sets) {
    expect(pod.securityContext).toMatchObject({ fsGroupChangePolicy: 'OnRootMismatch' })
  }
})

// The laptop's databases come with the rest.
test.each(['test', 'production'] as const)(
  '%s lays what migrations need before them, and services after',
  async (overlay) => {
    const resources = await buildOverlay(overlay)
    const wave = ({ metadata: { annotations = {} } }: Resource) =>
      Number(annotations['argocd.argoproj.io/sync-wave'] ?? 0)
    const wavesOf = (...kinds: string[]) => [
      ...new Set(kinds.flatMap((kind) => ofKind(resources, kind).map(wave))),
    ]
    expect(wavesOf('Namespace', 'NetworkPolicy', 'ServiceAccount')).toEqual([-2])
    expect(wavesOf('Job')).toEqual([-1])
    expect(wavesOf('Deployment')).toEqual([0])
    const hooks = ofKind(resources, 'Job').map(
      ({ metadata: { annotations = {} } }) => annotations['argocd.argoproj.io/hook'],
    )
    // A hook before the sync would wait for an account that comes with the sync.
    expect([...new Set(hooks)]).toEqual(['Sync'])
  },
)
