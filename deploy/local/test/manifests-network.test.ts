import { jest } from '@jest/globals'
import { buildOverlay, nameOf, ofKind, overlays, workloadsOf } from './manifests.ts'
import type { Labels, Resource, Workload } from './manifests.ts'
import { configurationFaults, serviceConfigs, valueFaults } from './service-configs.ts'

jest.setTimeout(120_000)

/** Variables that name an address which is told to others, and is never called from here. */
const namesAlone = [
  ...['ISSUER_URL', 'PUBLIC_URL', 'CALLBACK_URL', 'POST_LOGOUT_URL', 'VERIFICATION_URL'],
  'OTEL_EXPORTER_OTLP_ENDPOINT',
]
/** Variables whose values name something outside, which has a policy of its own. */
const outside: Record<string, string> = {
  DATABASE_URL: 'postgres',
  OWNER_DATABASE_URL: 'postgres',
  AMQP_URL: 'rabbitmq',
  JOURNALS: 'journals',
  PROVIDER_ISSUER: 'e-legitimation',
}

interface Variables {
  /** With their values, where they are not secret. */
  values: Record<string, string>
  names: string[]
}

/** What the containers of a workload are told, from ConfigMaps and by themselves. */
function variablesOf(resources: readonly Resource[], { pod }: Workload): Variables {
  const maps = new Map(ofKind(resources, 'ConfigMap').map((map) => [map.metadata.name, map]))
  const service = pod.containers[0]!
  const mapped = (service.envFrom ?? []).map(({ configMapRef }) => {
    const map = maps.get(configMapRef?.name ?? '')
    if (map === undefined) throw new Error(`There is no ConfigMap ${configMapRef?.name}`)
    return map.data ?? {}
  })
  const own = (service.env ?? []).map(({ name, value = '' }) => [name, value])
  const values = Object.assign({}, ...mapped, Object.fromEntries(own)) as Record<string, string>
  return { values, names: Object.keys(values) }
}

const isAddress = (name: string) => /_(URL|ISSUER|ENDPOINT)$|^JOURNALS$/.test(name)

/** «from > to», as the clients are configured. Nothing but this says who calls whom. */
function configuredEdges(resources: readonly Resource[]): string[] {
  const services = ofKind(resources, 'Service').map(({ metadata }) => metadata.name)
  return workloadsOf(resources)
    .filter((workload) => workload.kind === 'Job' || serviceConfigs[nameOf(workload)] !== undefined)
    .flatMap((workload) => {
      const { names, values } = variablesOf(resources, workload)
      const targets = names.filter(isAddress).flatMap((name) => {
        if (namesAlone.includes(name)) return []
        if (outside[name] !== undefined) return [outside[name]]
        const { hostname } = new URL(values[name] ?? '')
        if (!services.includes(hostname))
          throw new Error(`${name} names ${hostname}, which is nobody`)
        return [hostname]
      })
      return [...new Set(targets)].map((target) => `${nameOf(workload)} > ${target}`)
    })
    .sort()
}

interface Peer {
  podSelector?: Selector
  namespaceSelector?: Selector
  ipBlock?: { cidr: string }
}
interface Selector {
  matchLabels?: Labels
  matchExpressions?: { key: string; operator: string; values: string[] }[]
}

const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => {
    if (operator !== 'In') throw new Error(`${operator} is not understood here`)
    return values.includes(labels[key] ?? '')
  })

type Direction = 'egress' | 'ingress'

/** «from > to» among the pods of the namespace, as policies let `direction` through. */
function allowedEdges(resources: readonly Resource[], direction: Direction): string[] {
  const workloads = workloadsOf(resources)
  const edges = ofKind(resources, 'NetworkPolicy').flatMap(({ metadata, spec }) => {
    const rules = (spec[direction] ?? []) as { from?: Peer[]; to?: Peer[] }[]
    const peers = rules.flatMap(({ from, to }) => from ?? to ?? [])
    return workloads
      .filter(({ podLabels }) => selects(spec.podSelector, podLabels))
      .flatMap((workload) => {
        const named = (peer: Peer): string[] => {
          // What is outside is reached by a policy that is named after it.
          if (peer.ipBlock !== undefined) return [metadata.name.replace(/^to-/, '')]
          if (peer.namespaceSelector !== undefined) return []
          return workloads
            .filter((each) => selects(peer.podSelector ?? {}, each.podLabels))
            .map(nameOf)
        }
        return peers
          .flatMap(named)
          .map((other) =>
            direction === 'egress'
              ? `${nameOf(workload)} > ${other}`
              : `${other} > ${nameOf(workload)}`,
          )
      })
  })
  return [...new Set(edges)].sort()
}

const isInside = (resources: readonly Resource[]) => {
  const inside = new Set(workloadsOf(resources).map(nameOf))
  return (edge: string) => inside.has(edge.split(' > ')[1] ?? '')
}

describe.each(overlays)('%s', (overlay) => {
  test('lets through exactly what the services are configured to call, on both sides', async () => {
    const resources = await buildOverlay(overlay)
    const configured = configuredEdges(resources).filter(
      (edge) => overlay !== 'local' || edge !== 'identity > e-legitimation',
    )
    expect(configured.length).toBeGreaterThan(20)
    const extra =
      overlay === 'local' ? ['gateway > postgres', 'gateway > rabbitmq', 'identity > gateway'] : []
    const wanted = [...configured, ...extra].sort()
    expect(allowedEdges(resources, 'egress')).toEqual(wanted)
    expect(allowedEdges(resources, 'ingress')).toEqual(wanted.filter(isInside(resources)))
  })

  test('denies everything else', async () => {
    const policies = ofKind(await buildOverlay(overlay), 'NetworkPolicy')
    const everyone = policies.filter(({ spec }) => Object.keys(spec.podSelector).length === 0)
    expect(everyone.map(({ metadata }) => metadata.name).sort()).toEqual(['default-deny', 'names'])
    const deny = everyone.find(({ metadata }) => metadata.name === 'default-deny')
    expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
    // No rule without a peer or a port: those let everybody, or everything, through.
    for (const { spec } of policies) {
      for (const { from, to, ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
        expect((from ?? to ?? []).length).toBeGreaterThan(0)
        expect((ports ?? []).length).toBeGreaterThan(0)
      }
    }
  })

  test('tells each service all that it must be told in the form that it takes, and nothing unknown', async () => {
    const resources = await buildOverlay(overlay)
    const told = workloadsOf(ofKind(resources, 'Deployment'))
      .filter((workload) => serviceConfigs[nameOf(workload)] !== undefined)
      .flatMap((workload) => {
        const { names, values } = variablesOf(resources, workload)
        const faults = [
          ...configurationFaults(nameOf(workload), names),
          ...valueFaults(nameOf(workload), values),
        ]
        return faults.map((fault) => `${nameOf(workload)}: ${fault}`)
      })
    expect(told).toEqual([])
  })
})

test('every address among the variables is known to be called or not', () => {
  const variables = Object.values(serviceConfigs).flatMap(({ properties }) =>
    Object.keys(properties),
  )
  const services = Object.keys(serviceConfigs).map((name) =>
    name.toUpperCase().replaceAll('-', '_'),
  )
  const known = [
    ...[...namesAlone, ...Object.keys(outside), 'JWKS_URL'],
    ...services.map((name) => `${name}_URL`),
    // For laptops alone: a Postgres in place of RabbitMQ.
    'EVENT_BUS_DATABASE_URL',
  ]
  expect(variables.filter((name) => isAddress(name) && !known.includes(name))).toEqual([])
})

describe('what is wrong is found:', () => {
  const changed = async (name: string, change: (policy: Resource) => void) => {
    const resources = structuredClone(await buildOverlay('production'))
    change(ofKind(resources, 'NetworkPolicy').find(({ metadata }) => metadata.name === name)!)
    return resources
  }
  test('a call that no policy lets out', async () => {
    const resources = await changed('gateway', ({ spec }) => spec.egress[0].to.pop())
    expect(allowedEdges(resources, 'egress')).not.toEqual(configuredEdges(resources))
  })
  test('one that nobody makes', async () => {
    const resources = await changed('consent', ({ spec }) =>
      spec.ingress[0].from.push({
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'rendering' } },
      }),
    )
    expect(allowedEdges(resources, 'ingress')).toContain('rendering > consent')
    expect(configuredEdges(resources)).not.toContain('rendering > consent')
  })
  test('a value that the service would refuse', () => {
    expect(valueFaults('consent', { METRICS_PORT: 'many' })).toEqual([
      expect.stringMatching(/DATABASE_URL is missing[^]*METRICS_PORT must be integer/),
    ])
  })
  test('a variable that is unknown, and one that is missing', () => {
    expect(configurationFaults('consent', ['DATABASE_URI'])).toEqual(
      expect.arrayContaining(['DATABASE_URI is unknown', 'DATABASE_URL is missing']),
    )
  })
})
