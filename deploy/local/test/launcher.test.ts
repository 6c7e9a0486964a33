import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@minaintyg/service'
import { createLogSink } from '@minaintyg/testing'
import { addressesFrom, checkPorts, findPortBase } from '../src/addresses.ts'
import { openSecrets, publicKeyOf } from '../src/secrets.ts'
import { readSettings } from '../src/settings.ts'
import { createStopOrder } from '../src/stop-order.ts'

describe('settings', () => {
  test('lie under .demo/ of the checkout and at 8080 where nothing is told', () => {
    const settings = readSettings({})
    expect(settings).toMatchObject({ portBase: 8080, amqpUrl: undefined, once: false })
    expect(settings.stateDir).toMatch(/\/\.demo$/)
  })

  test('refuse a port base that is no port', () => {
    expect(() => readSettings({ MINAINTYG_PORT_BASE: 'high' })).toThrow(/MINAINTYG_PORT_BASE/)
  })
})

describe('addresses', () => {
  test('follow from one number', () => {
    const { gateway, dispatch } = addressesFrom(9080)
    expect(gateway.url).toBe('http://localhost:9080')
    expect(dispatch.port).toBe(9094)
  })

  test('name the port that another program holds, and its party', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await expect(checkPorts(addressesFrom(port), 0)).rejects.toThrow(`${port} (gateway)`)
    other.close()
  })

  test('wait for a port that is about to be free', async () => {
    const port = await findPortBase()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const checked = checkPorts(addressesFrom(port))
    other.close()
    await expect(checked).resolves.toBeUndefined()
  })
})

describe('secrets', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('are made once and are the same after a restart', async () => {
    const first = await openSecrets(folder)
    const [key, signing] = await Promise.all([first.key('master'), first.signingKey('gateway')])
    const second = await openSecrets(folder)
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
    expect(await second.key('master')).toBe(key)
    expect(await second.signingKey('gateway')).toEqual(signing)
    expect(await second.key('other')).not.toBe(key)
  })

  test('are readable by their owner alone', async () => {
    await (await openSecrets(folder)).key('master')
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o077).toBe(0)
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toContain('master')
  })

  test('give away no private part in a public key', async () => {
    const key = await (await openSecrets(folder)).signingKey('gateway')
    expect(key.d).toBeDefined()
    expect(publicKeyOf(key)).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: key.kid })
    expect(publicKeyOf(key)).not.toHaveProperty('d')
  })
})

describe('the order of stopping', () => {
  const createQuietLogger = () => {
    const sink = createLogSink()
    return { sink, logger: createLogger({ name: 'local', destination: sink.destination }) }
  }

  test('is that of starting in reverse, and once, however often one asks', async () => {
    const stopped: string[] = []
    const order = createStopOrder(createQuietLogger().logger)
    for (const name of ['postgres', 'service']) {
      order.add(name, async () => stopped.push(name))
    }
    await Promise.all([order.stop(), order.stop()])
    expect(stopped).toEqual(['service', 'postgres'])
  })

  test('goes on past what fails or hangs, and says which', async () => {
    const stopped: string[] = []
    const { sink, logger } = createQuietLogger()
    const order = createStopOrder(logger, 20)
    order.add('postgres', async () => stopped.push('postgres'))
    order.add('hanging', () => new Promise(() => undefined))
    order.add('failing', () => Promise.reject(new Error('no')))
    await order.stop()
    expect(stopped).toEqual(['postgres'])
    expect(sink.entries().map(({ party }) => party)).toEqual(['failing', 'hanging'])
  })
})
