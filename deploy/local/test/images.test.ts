import { jest } from '@jest/globals'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@minaintyg/embedded-postgres'
import type { PostgresServer } from '@minaintyg/embedded-postgres'
import { startPrivateRabbitmq } from '@minaintyg/testing'
import type { PrivateRabbitmq } from '@minaintyg/testing'
import pg from 'pg'
import { addressesFrom, findPortBase } from '../src/addresses.ts'
import { writeEnvironmentFiles } from '../src/containers/environment-files.ts'
import { runCompose } from '../src/containers/run-compose.ts'
import type { ComposeRun } from '../src/containers/run-compose.ts'
import { unpackImage } from '../src/containers/run-image.ts'
import type { UnpackedImage } from '../src/containers/run-image.ts'
import type { LockFile } from '../src/image/bill-of-materials.ts'
import { testPersons } from '../src/test-persons.ts'
import { walkPatientsWay } from '../src/walk/walk.ts'

// Images are built before: deploy/docker/build.sh, with buildah and as root. `make images` does all of it.
const required = process.env['REQUIRE_IMAGES'] === '1'
if (!required) process.stdout.write('\nSKIPPED: «images». To build and to try them: make images.\n')
const describeImages = required ? describe : describe.skip

jest.setTimeout(180_000)

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

const rabbitmqFolder = join(import.meta.dirname, '../../rabbitmq')

describeImages('the containers of docker-compose.yml', () => {
  const password = 'local'
  let folder: string
  let postgres: PostgresServer
  let rabbitmq: PrivateRabbitmq
  let system: ComposeRun
  let addresses: ReturnType<typeof addressesFrom>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minaintyg-containers-'))
    await chmod(folder, 0o755)
    addresses = addressesFrom(await findPortBase())
    await mkdir(join(folder, 'definitions'))
    for (const name of ['definitions.json', 'laptop.json']) {
      await copyFile(join(rabbitmqFolder, name), join(folder, 'definitions', name))
    }
    ;[postgres, rabbitmq] = await Promise.all([
      startPostgres({ dataDir: join(folder, 'postgres'), durable: false }),
      startPrivateRabbitmq({
        configuration: [`load_definitions = ${join(folder, 'definitions')}`],
      }),
    ])
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
  })
  afterAll(async () => {
    await system.stop()
    await rabbitmq.remove()
    await postgres.stop()
    await rm(folder, { recursive: true })
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

  test.each(services)('%s answers its probes', async (service) => {
    const address = system.addresses.get(service)
    const port = service === 'gateway' ? addresses.gateway.port : 8080
    for (const path of ['/livez', '/readyz']) {
      expect((await fetch(`http://${address}:${port}${path}`)).status).toBe(200)
    }
  })

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
  test('are one image', async () => {
    const images = await Promise.all(
      [imageOf('consent'), 'localhost/minaintyg-consent:again'].map(unpackImage),
    )
    await Promise.all(images.map((image) => image.remove()))
    expect(images[0]?.id).toBe(images[1]?.id)
  })
})
