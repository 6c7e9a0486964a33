import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { describeWithPrivateRabbitmq, startPrivateRabbitmq, until } from '@minaintyg/testing'
import type { PrivateRabbitmq } from '@minaintyg/testing'
import { publicApi } from '../src/environments.ts'
import { vhost } from '../src/event-documents/definitions.ts'
import { laptopPassword } from '../src/event-documents/laptop-definitions.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const driver = '196201059810'

const works = (program: string, ...words: string[]) => {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const pythonWith = (modules: string) =>
  ['python3', '/usr/bin/python3'].find((each) => works(each, '-c', `import ${modules}`))

const withTools =
  works('amqp-consume', '--help') && works('openssl', 'version') && works('basenc', '--version')
const python = pythonWith('cryptography, pika') ?? pythonWith('cryptography')
const withPika = pythonWith('cryptography, pika') !== undefined
const tools = 'amqp-tools python3-cryptography python3-pika'

/** A test that needs what the guide tells an integrator to install. */
function testWith(there: boolean, name: string, body: () => Promise<void>): void {
  if (there) {
    test(name, body)
    return
  }
  process.stdout.write(`\nSKIPPED: «${name}». To run it: apt-get install ${tools}.\n`)
  test.skip(name, body)
}

describeWithPrivateRabbitmq('the guide for integrators, followed to the letter', () => {
  let rabbitmq: PrivateRabbitmq
  let system: RunningSystem
  let folder: string
  let patient: PatientApi
  let blocks: Map<string, string>

  /** Runs blocks of the guide in one shell. */
  async function follow(...names: string[]): Promise<string> {
    const script = names.map((name) => {
      const block = blocks.get(name)
      if (block === undefined) throw new Error(`The guide has no block ${name}`)
      return block
    })
    const { stdout } = await run('bash', ['--norc', '-eo', 'pipefail', '-c', script.join('\n')], {
      cwd: folder,
      timeout: 60_000,
      env: {
        PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
        PYTHONPATH: process.env['PYTHONPATH'] ?? '',
        API: publicApi(system.addresses),
        AMQP_URL: rabbitmq.urlOf({ name: 'transp', password: laptopPassword, vhost }),
        MINAINTYG_STATE_DIR: system.settings.stateDir,
        EXAMPLES: join(root, 'openapi/examples'),
        WORK: folder,
      },
    })
    return stdout
  }

  async function sendOne(): Promise<string> {
    const { items } = JSON.parse((await patient.get('/certificates?limit=100&status=notSent')).text)
    const licence = items.find(({ type }: { type: { code: string } }) => type.code.startsWith('TS'))
    const key = { 'idempotency-key': randomUUID() }
    const path = `/certificates/${licence.id}/dispatches`
    const answer = await patient.send('POST', path, { recipientId: 'TRANSP' }, key)
    expect(answer.status).toBe(202)
    return JSON.parse(answer.text).id
  }
  const stateOf = async (id: string): Promise<string> =>
    JSON.parse((await patient.get(`/dispatches/${id}`)).text).state

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'minaintyg-guide-'))
    await mkdir(join(folder, 'bin'))
    await mkdir(join(folder, 'definitions'))
    if (python?.startsWith('/') === true) await symlink(python, join(folder, 'bin/python3'))
    for (const name of ['definitions.json', 'laptop.json']) {
      await copyFile(join(root, 'deploy/rabbitmq', name), join(folder, 'definitions', name))
    }
    const guide = await readFile(join(root, 'openapi/recipients.md'), 'utf8')
    blocks = new Map(
      [...guide.matchAll(/^```sh (\w+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => [
        name!,
        code!,
      ]),
    )
    rabbitmq = await startPrivateRabbitmq({
      configuration: [`load_definitions = ${join(folder, 'definitions')}`],
    })
    const amqpUrl = rabbitmq.urlOf({ name: 'guest', password: 'guest', vhost })
    system = await startRunningSystem({ amqpUrl })
    patient = await system.patient(driver)
    await patient.send('POST', '/consent', { textVersion: '1.0' })
  }, 240_000)
  afterAll(async () => {
    await system.stop()
    await rabbitmq.remove()
    await rm(folder, { recursive: true })
  }, 120_000)

  testWith(
    withTools && python !== undefined,
    'takes an integrator to an accepted certificate with amqp-tools, openssl and curl',
    async () => {
      const id = await sendOne()
      const steps = ['setup', 'read', 'signature', 'verify', 'document', 'receipt']
      const printed = await follow(...steps)
      expect(printed).toContain('Signature Verified Successfully')
      expect(printed).toContain('document.xml: OK')
      await until(async () => (await stateOf(id)) === 'received')
      await follow('setup', 'signature', 'http')
      expect(await stateOf(id)).toBe('accepted')
      const event = await readFile(join(folder, 'event.json'), 'utf8')
      await writeFile(join(folder, 'event.json'), event.replace('"sequence":', '"sequence": '))
      await expect(follow('setup', 'verify')).rejects.toMatchObject({ code: 1 })
    },
  )

  testWith(withPika, 'its program does the same with pika', async () => {
    const id = await sendOne()
    expect(await follow('setup', 'program')).toBe(
      ['received', 'accepted'].map((kind) => `se.minaintyg.receipt.${kind}.v1 ${id}\n`).join(''),
    )
    await until(async () => (await stateOf(id)) === 'accepted')
  })
})
