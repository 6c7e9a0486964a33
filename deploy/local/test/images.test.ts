import { jest } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '@minaintyg/embedded-postgres'
import type { PostgresServer } from '@minaintyg/embedded-postgres'
import { startPrivateRabbitmq, until } from '@minaintyg/testing'
import pg from 'pg'
import { addressesFrom, findPortBase } from '../src/addresses.ts'
import type { Addresses } from '../src/addresses.ts'
import { writeEnvironmentFiles } from '../src/containers/environment-files.ts'
import { runCompose } from '../src/containers/run-compose.ts'
import type { ComposeRun } from '../src/containers/run-compose.ts'
import { unpackImage } from '../src/containers/run-image.ts'
import type { UnpackedImage } from '../src/containers/run-image.ts'
import type { LockFile } from '../src/image/bill-of-materials.ts'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { walkPatientsWay } from '../src/walk/walk.ts'

// Images are built before: deploy/docker/build.sh, with buildah and as root. `make images` does all of it.
const required = process.env['REQUIRE_IMAGES'] === '1'
if (!required) process.stdout.write('\nSKIPPED: «images». To build and to try them: make images.\n')
const describeImages = required ? describe : describe.skip

jest.setTimeout(240_000)

const services = ['gateway', 'identity', 'consent', 'certificate-store', 'rendering', 'dispatch']
const version = '0.1.0'
const imageOf = (name: string) => `localhost/minaintyg-${name}:${version}`

/** What Postgres’s own image does with the file: psql’s commands are the few that it uses. */
async function createDatabases(postgres: PostgresServer, password: string): Promise<void> {
  const file = join(import.meta.dirname, '../../docker/create-databases.sql')
  const select = (await readFile(file, 'utf8'))
    .replace(/^\\.*$/gm, '')
    .replaceAll(":'password'", pg.escapeLiteral(password))
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  try {
    const { rows } = await client.query<[string]>({ text: select, rowMode: 'array' })
    for (const [statement] of rows) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Memory, and processor time since the start, of a process. */
function usageOf(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024)
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) | /)
  // utime and stime, in hundredths of a second (proc_pid_stat(5)).
  const seconds = (Number(fields[11]) + Number(fields[12])) / 100
  return { residentMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM'), seconds }
}

/** A patient who lists, reads, saves and looks, some ten times a second. */
async function browseFor(milliseconds: number, { gateway, web }: Addresses) {
  const browser = createBrowser()
  const api = createPatientApi(browser, gateway.url, web.url)
  await logIn({ browser, api, web: web.url, person: testPersons[0]!.number })
  const { items } = JSON.parse((await api.get('/certificates')).text) as { items: { id: string }[] }
  const started = performance.now()
  let [requests, refused] = [0, 0]
  while (performance.now() - started < milliseconds) {
    const { id } = items[requests % items.length]!
    for (const path of ['/certificates', `/certificates/${id}`, `/certificates/${id}/pdf`, '/me']) {
      const { status } = await api.get(path)
      requests += 1
      // What the journal has revoked is 410, as it must be.
      if (status >= 500) refused += 1
      await pause(50)
    }
  }
  return { requests, refused, seconds: (performance.now() - started) / 1_000 }
}

const rabbitmqFolder = join(import.meta.dirname, '../../rabbitmq')

describeImages('the containers of docker-compose.yml', () => {
  const password = 'local'
  let folder: string
  let system: ComposeRun
  let addresses: Addresses
  /** Undoes what was done, whatever came of the rest. */
  const cleanUps: (() => Promise<unknown>)[] = []
  const probe = async (service: string, path: string) => {
    const port = service === 'gateway' ? addresses.gateway.port : 8080
    const url = `http://${system.addresses.get(service)}:${port}${path}`
    return (await fetch(url).catch(() => undefined))?.status
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minaintyg-containers-'))
    cleanUps.push(() => rm(folder, { recursive: true }))
    await chmod(folder, 0o755)
    addresses = addressesFrom(await findPortBase())
    await mkdir(join(folder, 'definitions'))
    for (const name of ['definitions.json', 'laptop.json']) {
      await copyFile(join(rabbitmqFolder, name), join(folder, 'definitions', name))
    }
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false })
    cleanUps.push(() => postgres.stop())
    const configuration = [`load_definitions = ${join(folder, 'definitions')}`]
    const rabbitmq = await startPrivateRabbitmq({ configuration })
    cleanUps.push(() => rabbitmq.remove())
    await createDatabases(postgres, password)
    const { gateway, web, eLegitimation, journals, forsakringskassan } = addresses
    await writeEnvironmentFiles(folder, {
      postgres: { host: '127.0.0.1', port: postgres.port, password },
      rabbitmq: { host: '127.0.0.1', port: Number(new URL(rabbitmq.url).port) },
      gatewayInside: `http://gateway:${gateway.port}`,
      gatewayUrl: gateway.url,
      webUrl: web.url,
    })
    system = await runCompose({
      variables: {
        GATEWAY_PORT: String(gateway.port),
        WEB_PORT: String(web.port),
        E_LEGITIMATION_PORT: String(eLegitimation.port),
        JOURNALS_PORT: String(journals.port),
        FORSAKRINGSKASSAN_PORT: String(forsakringskassan.port),
      },
      environmentFolder: folder,
      imageOf: (image) => `localhost/${image}`,
      patience: 90_000,
    })
    cleanUps.push(() => system.stop())
    for (const service of services) {
      await until(async () => (await probe(service, '/readyz')) === 200, { timeout: 60_000 })
    }
  })
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  })

  test('walk a patient’s way', async () => {
    const steps: string[] = []
    await walkPatientsWay({
      gatewayUrl: addresses.gateway.url,
      webUrl: addresses.web.url,
      person: testPersons[0]!.number,
      recipientId: 'FKASSA',
      folder,
      onStep: ({ name }) => steps.push(name),
      patience: 60_000,
    })
    expect(steps.slice(-3)).toEqual(['delivered', 'received', 'accepted'])
  })

  test.each(services)('%s answers its probes, and Prometheus', async (service) => {
    expect(await probe(service, '/livez')).toBe(200)
    expect(await probe(service, '/readyz')).toBe(200)
    const metrics = await fetch(`http://${system.addresses.get(service)}:9464/metrics`)
    expect(await metrics.text()).toMatch(/^process_resident_memory_bytes/m)
  })

  // For the requests in deploy/k8s: MEASURE=1 on a machine that does nothing else.
  if (process.env['MEASURE'] === '1') {
    test('take this much under a small load', async () => {
      const usage = () => services.map((name) => usageOf(system.containers.get(name)?.pid ?? 0))
      const before = usage()
      const load = await browseFor(60_000, addresses)
      const rows = usage().map(({ seconds, ...memory }, index) => {
        const spent = seconds - before[index]!.seconds
        const toStart = Math.round(1_000 * before[index]!.seconds)
        const milliCpu = Math.round((1_000 * spent) / load.seconds)
        return { service: services[index], ...memory, milliCpu, toStart }
      })
      process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`)
      process.stdout.write(`${load.requests} requests in ${Math.round(load.seconds)} s\n`)
      expect(load.refused).toBe(0)
    })
  }

  test('end well when they are told to, and have told nothing of anybody', async () => {
    const running = [...system.containers.entries()]
    await Promise.all(running.map(([, container]) => container.stop()))
    const codes = await Promise.all(
      running.map(async ([name, { ended }]) => [name, await ended] as const),
    )
    expect(codes.filter(([, code]) => code !== 0)).toEqual([])
    const lines = running.flatMap(([, container]) => container.lines)
    const persons = testPersons.flatMap(({ number, name }) => [number, name?.family ?? number])
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.filter((line) => persons.some((each) => line.includes(each)))).toEqual([])
  })
})

describeImages.each(services)('the image of %s', (service) => {
  let image: UnpackedImage
  beforeAll(async () => {
    image = await unpackImage(imageOf(service))
  })
  afterAll(() => image.remove())

  test('runs as a number that is not root, without a shell, and says what it is', () => {
    const { User, Entrypoint, Healthcheck, Labels } = image.config
    expect(User).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(Entrypoint[0]).toBe('node')
    expect(Healthcheck?.Test).toEqual(['CMD', 'node', '/app/healthcheck.ts'])
    expect(Labels).toMatchObject({
      'org.opencontainers.image.title': `minaintyg-${service}`,
      'org.opencontainers.image.licenses': 'EUPL-1.2',
      'org.opencontainers.image.version': version,
    })
  })

  test('holds the service and what it depends on, and nothing else', async () => {
    expect(await readdir(join(image.root, 'app/services'))).toEqual([service])
    const { packages } = JSON.parse(
      await readFile(join(import.meta.dirname, '../../../package-lock.json'), 'utf8'),
    ) as { packages: LockFile }
    const ofDevelopers = Object.entries(packages).filter(([, { dev }]) => dev === true)
    expect(ofDevelopers.length).toBeGreaterThan(100)
    const found = ofDevelopers.filter(([folder]) => existsSync(join(image.root, 'app', folder)))
    expect(found.map(([folder]) => folder)).toEqual([])
    for (const [name, owner] of [
      ['pdfkit', 'rendering'],
      ['oidc-provider', 'identity'],
      ['libxml2-wasm', 'certificate-store'],
    ] as const) {
      const isThere = existsSync(join(image.root, 'app/node_modules', name))
      expect([name, isThere]).toEqual([name, owner === service])
    }
  })

  test('has a bill of materials that is its own', async () => {
    const text = await readFile(join(image.root, 'app/sbom.cdx.json'), 'utf8')
    const { components } = JSON.parse(text) as { components: { name: string; version: string }[] }
    const fastify = components.find(({ name }) => name === 'fastify')
    const manifest = join(image.root, 'app/node_modules/fastify/package.json')
    const { version: installed } = JSON.parse(await readFile(manifest, 'utf8')) as {
      version: string
    }
    expect(fastify?.version).toBe(installed)
  })

  test('is small', async () => {
    const sizes = await readdir(join(image.root, 'app'), { recursive: true, withFileTypes: true })
    let bytes = 0
    for (const entry of sizes) {
      if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
    }
    expect(bytes).toBeGreaterThan(5e6)
    expect(bytes).toBeLessThan(150e6)
  })
})

describeImages('two builds of one source', () => {
  test('have the same layers', async () => {
    const images = await Promise.all(
      [imageOf('consent'), 'localhost/minaintyg-consent:again'].map(unpackImage),
    )
    await Promise.all(images.map((image) => image.remove()))
    expect(images[0]?.layers.length).toBeGreaterThanOrEqual(2)
    expect(images[0]?.layers).toEqual(images[1]?.layers)
  })
})
