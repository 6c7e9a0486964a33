import { jest } from '@jest/globals'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import {
  composeFile,
  parseEnvironmentFile,
  readComposeFile,
} from '../src/containers/compose-file.ts'
import type { ComposeFile, ComposeService } from '../src/containers/compose-file.ts'
import { writeEnvironmentFiles } from '../src/containers/environment-files.ts'
import { simulatorVariables } from '../src/containers/simulator.ts'
import { buildJournals } from '../src/journal/index.ts'
import { buildOverlay, nameOf, ofKind, workloadsOf } from './manifests.ts'
import { configurationFaults, serviceConfigs, valueFaults } from './service-configs.ts'

jest.setTimeout(120_000)

let compose: ComposeFile
let secrets: Record<string, Record<string, string>>
let lines: string[]

beforeAll(async () => {
  compose = await readComposeFile()
  const folder = await mkdtemp(join(tmpdir(), 'minaintyg-compose-'))
  await writeEnvironmentFiles(folder, {
    postgres: { host: 'postgres', port: 5432, password: 'local' },
    rabbitmq: { host: 'rabbitmq', port: 5672 },
    gatewayInside: 'http://gateway:8080',
    gatewayUrl: 'http://localhost:8080',
    webUrl: 'http://localhost:8081',
  })
  const files = (await readdir(folder)).filter((name) => name.endsWith('.env'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  secrets = Object.fromEntries(
    files.map((name, index) => [name, parseEnvironmentFile(texts[index] ?? '')]),
  )
  lines = texts.flatMap((text) => text.trimEnd().split('\n'))
  await rm(folder, { recursive: true })
})

const fileOf = ({ env_file: file }: ComposeService) => file?.[0].path.split('/').at(-1)
function namesOf(service: ComposeService): string[] {
  const file = fileOf(service)
  const secret = file === undefined ? {} : secrets[file]
  if (secret === undefined) throw new Error(`Nobody writes ${file}`)
  return [...Object.keys(secret), ...Object.keys(service.environment ?? {})]
}
const service = (name: string) => compose.services[name]!
const isOurs = ({ image }: ComposeService) => image.startsWith('minaintyg-')

test('follows the Compose Specification', async () => {
  const require = createRequire(import.meta.url)
  const folder = join(require.resolve('dclint/package.json'), '../schemas')
  const schema = JSON.parse(await readFile(join(folder, 'compose.schema.json'), 'utf8')) as object
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addFormat('duration', true)
  const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' })
  const file = parse(await readFile(composeFile, 'utf8'), { merge: true }) as ComposeFile
  validate(file)
  expect(validate.errors).toBeNull()
  const wrong = structuredClone(file) as unknown as { services: Record<string, object> }
  Object.assign(wrong.services['consent']!, { healthchek: {} })
  expect(validate(wrong)).toBe(false)
})

test.each(Object.keys(serviceConfigs))(
  '%s is told all that it must be told, and nothing unknown',
  (name) => {
    expect(configurationFaults(name, namesOf(service(name)))).toEqual([])
    const { environment = {} } = service(name)
    const told = Object.entries(environment).map(([key, value]) => [key, String(value)])
    const secret = secrets[fileOf(service(name)) ?? '']
    expect(valueFaults(name, { ...secret, ...Object.fromEntries(told) })).toEqual([])
  },
)

test.each(Object.entries(simulatorVariables))(
  'so is the simulator %s',
  (name, { properties, required }) => {
    const names = namesOf(service(name))
    expect(names.filter((each) => !(each in properties))).toEqual([])
    expect(required.filter((each) => ![...names, 'HOST', 'LOG_LEVEL'].includes(each))).toEqual([])
  },
)

test('tells the services what a cluster on a laptop tells them', async () => {
  const resources = await buildOverlay('local')
  const maps = Object.fromEntries(
    ofKind(resources, 'ConfigMap').map(({ metadata, data = {} }) => [metadata.name, data]),
  )
  for (const workload of workloadsOf(ofKind(resources, 'Deployment'))) {
    const name = nameOf(workload)
    if (serviceConfigs[name] === undefined) continue
    const [{ envFrom = [], env = [] } = {}] = workload.pod.containers
    const mapped = envFrom.flatMap(({ configMapRef }) =>
      Object.entries(maps[configMapRef?.name ?? ''] ?? {}),
    )
    const inCluster = [...mapped.map(([key]) => key), ...env.map((each) => each.name)]
    const inCompose = namesOf(service(name)).filter((each) => each !== 'PORT')
    expect([name, ...inCluster.sort()]).toEqual([name, ...inCompose.sort()])
    // Also the same values, where they are no secrets.
    const environment = service(name).environment ?? {}
    for (const [key, value] of mapped) {
      if (key !== 'JOURNALS') expect([key, String(environment[key])]).toEqual([key, value])
    }
  }
})

test('knows the journals as they are, in Compose and in the cluster', async () => {
  const journals = await buildJournals({ logLevel: 'silent', empty: true })
  const sources = journals.sources('http://journals:8083')
  await journals.app.close()
  expect(JSON.parse(String(service('certificate-store').environment?.['JOURNALS']))).toEqual(
    sources,
  )
  const told = ofKind(await buildOverlay('local'), 'ConfigMap').flatMap(
    ({ data }) => data?.['JOURNALS'] ?? [],
  )
  expect(told.map((each) => JSON.parse(each) as unknown)).toEqual([sources])
})

test('writes secrets as Compose and kubectl both read them', () => {
  expect(lines.length).toBeGreaterThan(25)
  for (const line of lines) {
    expect(line).toMatch(/^[A-Z_]+=[^'"\s$]/)
    // Compose would take these for variables and comments.
    expect(line).not.toMatch(/\$|\s#|\\/)
  }
})

test('confines every container of ours and listens on loopback alone', () => {
  const ours = Object.entries(compose.services).filter(([, each]) => isOurs(each))
  expect(ours).toHaveLength(16)
  for (const [name, { read_only, cap_drop, security_opt, image }] of ours) {
    expect([name, read_only, cap_drop]).toEqual([name, true, ['ALL']])
    expect(security_opt).toEqual(['no-new-privileges:true'])
    expect(image).toMatch(/:0\.1\.0$/)
  }
  const ports = Object.values(compose.services).flatMap((each) => each.ports ?? [])
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

test('builds each image once, and of what it says', () => {
  const built = Object.values(compose.services).flatMap(({ image, build }) =>
    build === undefined ? [] : [[image, `minaintyg-${build.args['SERVICE']}:0.1.0`]],
  )
  expect(built).toHaveLength(7)
  for (const [image, name] of built) expect(image).toBe(name)
})

test('lets nobody who could be restarted own a network that others are in', () => {
  const owners = Object.values(compose.services).flatMap(
    ({ network_mode: mode }) => mode?.split('service:')[1] ?? [],
  )
  expect(owners).toHaveLength(4)
  for (const owner of owners) {
    expect(service(owner).command).toEqual(['src/containers/hold-network.ts'])
  }
})

test('starts a service with a database after its migrations', () => {
  for (const name of ['identity', 'consent', 'certificate-store', 'dispatch']) {
    expect(service(name).depends_on).toMatchObject({
      [`migrate-${name}`]: { condition: 'service_completed_successfully' },
    })
    expect(service(`migrate-${name}`).image).toBe(service(name).image)
  }
})
