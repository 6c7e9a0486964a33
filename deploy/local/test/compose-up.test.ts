import { jest } from '@jest/globals'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, until } from '@minaintyg/testing'
import { addressesFrom, findPortBase } from '../src/addresses.ts'
import type { Addresses } from '../src/addresses.ts'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { walkPatientsWay } from '../src/walk/walk.ts'

// Wants an engine with Compose, and the images: `make compose-check` has both, and leaves an engine that runs here alone.
const required = process.env['REQUIRE_COMPOSE'] === '1'
if (!required) process.stdout.write('\nSKIPPED: «compose up». To try it: make compose-check.\n')
const describeCompose = required ? describe : describe.skip

jest.setTimeout(480_000)

const services = ['gateway', 'identity', 'consent', 'certificate-store', 'rendering', 'dispatch']
const root = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

interface Container {
  ID: string
  Service: string
  State: string
  Health: string
  ExitCode: number
}

/** What `docker inspect` says of one. */
interface Confinement {
  Config: { Image: string; User: string }
  HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[] | null; SecurityOpt: string[] | null }
}

describeCompose('docker compose up', () => {
  let folder: string
  let environment: Record<string, string | undefined>
  let addresses: Addresses
  const [person, , another] = testPersons

  const docker = async (...words: string[]) =>
    (await run('docker', words, { cwd: folder, env: environment, maxBuffer: 32 * 1024 * 1024 }))
      .stdout
  const compose = (...words: string[]) => docker('compose', ...words)

  async function up(): Promise<void> {
    try {
      await compose('up', '--no-build', '--wait')
      for (const service of services) await untilReady(service)
    } catch (error) {
      process.stderr.write(await compose('ps', '--all'))
      process.stderr.write(await compose('logs', '--tail=5'))
      throw error
    }
  }
  /** Healthy is alive; ready comes after. */
  async function untilReady(service: string): Promise<void> {
    const command = ['-T', '-e', 'HEALTHCHECK_PATH=/readyz', service, 'node', '/app/healthcheck.ts']
    const isReady = () =>
      compose('exec', ...command).then(
        () => true,
        () => false,
      )
    await until(isReady, { timeout: 120_000, interval: 1_000 })
  }
  async function containers(): Promise<Container[]> {
    const lines = (await compose('ps', '--all', '--format=json')).trimEnd().split('\n')
    return lines.map((line) => JSON.parse(line) as Container)
  }
  const idsOf = async (services: string[]) =>
    (await containers()).filter((each) => services.includes(each.Service)).map(({ ID }) => ID)

  async function walk(number: string): Promise<string[]> {
    const steps: string[] = []
    await walkPatientsWay({
      gatewayUrl: addresses.gateway.url,
      webUrl: addresses.web.url,
      person: number,
      recipientId: 'FKASSA',
      folder,
      onStep: ({ name }) => steps.push(name),
      patience: 60_000,
    })
    return steps
  }
  /** The walk can be walked again: a busy machine may let a deadline pass, and not three times. */
  async function walkedBy(number: string): Promise<string[]> {
    const again = () => walk(number)
    return again().catch(again).catch(again)
  }
  async function sentBy(number: string): Promise<unknown> {
    const browser = createBrowser()
    const api = createPatientApi(browser, addresses.gateway.url, addresses.web.url)
    await logIn({ browser, api, web: addresses.web.url, person: number })
    return (JSON.parse((await api.get('/dispatches')).text) as { items: unknown }).items
  }

  beforeAll(async () => {
    // What a clone has, as far as `up` reads it: keys are made beside it, as `make up` does.
    folder = await mkdtemp(join(tmpdir(), 'minaintyg-compose-'))
    for (const path of ['docker-compose.yml', 'deploy/docker', 'deploy/rabbitmq']) {
      await cp(join(root, path), join(folder, path), { recursive: true })
    }
    addresses = addressesFrom(await findPortBase())
    environment = {
      ...process.env,
      COMPOSE_PROJECT_NAME: `minaintyg-check-${process.pid}`,
      GATEWAY_PORT: String(addresses.gateway.port),
      WEB_PORT: String(addresses.web.port),
      E_LEGITIMATION_PORT: String(addresses.eLegitimation.port),
      JOURNALS_PORT: String(addresses.journals.port),
      FORSAKRINGSKASSAN_PORT: String(addresses.forsakringskassan.port),
      POSTGRES_PORT: String(await freePort()),
      RABBITMQ_PORT: String(await freePort()),
    }
    const prepare = join(root, 'deploy/local/src/containers/prepare.ts')
    const options = { cwd: folder, env: environment }
    await run(process.execPath, ['--conditions=source', prepare], options)
    await up()
  })
  afterAll(async () => {
    await compose('down', '--volumes', '--timeout=30')
    await rm(folder, { recursive: true })
  })

  test('ends with migrations done and all else healthy', async () => {
    const all = await containers()
    expect(all).toHaveLength(18)
    for (const { Service, State, Health, ExitCode } of all) {
      const isMigration = Service.startsWith('migrate-')
      const expected = isMigration ? ['exited', '', 0] : ['running', 'healthy', 0]
      expect([Service, State, Health, ExitCode]).toEqual([Service, ...expected])
    }
  })

  test('confines what is ours', async () => {
    const ids = (await containers()).map(({ ID }) => ID)
    const all = JSON.parse(await docker('inspect', ...ids)) as Confinement[]
    const ours = all.filter(({ Config: { Image } }) => Image.startsWith('minaintyg-'))
    expect(ours).toHaveLength(16)
    for (const { Config, HostConfig } of ours) {
      expect(Config.User).toBe('65532:65532')
      expect(HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
      })
    }
    const write = "require('node:fs').writeFileSync('/tmp/x', '')"
    await expect(compose('exec', '-T', 'gateway', 'node', '-e', write)).rejects.toThrow('EROFS')
  })

  test('lets a patient walk the whole way', async () => {
    expect((await walkedBy(person!.number)).slice(-3)).toEqual([
      'delivered',
      'received',
      'accepted',
    ])
  })

  test('goes on when containers are restarted, each by itself', async () => {
    const restarted = ['e-legitimation', 'gateway', 'postgres', 'rabbitmq']
    const ids = await idsOf(restarted)
    expect(ids).toHaveLength(restarted.length)
    await docker('restart', '--time=30', ...ids)
    for (const service of services) await untilReady(service)
    expect((await walkedBy(another!.number)).slice(-1)).toEqual(['accepted'])
  })

  test('ends well within the grace that it has, and keeps what it has', async () => {
    const sent = await sentBy(person!.number)
    expect(sent).toContainEqual(expect.objectContaining({ state: 'accepted' }))
    await compose('stop')
    const codes = (await containers()).map(({ Service, ExitCode }) => [Service, ExitCode])
    expect(codes.filter(([, code]) => code !== 0)).toEqual([])
    await compose('down')
    expect((await compose('ps', '--all', '--quiet')).trim()).toBe('')
    await up()
    expect(await sentBy(person!.number)).toEqual(sent)
  })
})
