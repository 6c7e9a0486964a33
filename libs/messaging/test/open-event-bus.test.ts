import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { connect } from 'node:net'
import { BusUnavailableError, openEventBus, useEventBus } from '@minaintyg/messaging'
import type { Delivery, EventBus } from '@minaintyg/messaging'
import { createTestDatabase, freePort, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'

const topology = {
  exchanges: [{ name: 'things' }],
  queues: [{ name: 'all-things' }],
  bindings: [{ queue: 'all-things', exchange: 'things', pattern: '#' }],
}
const message = { exchange: 'things', routingKey: 'thing.made', id: '1', body: Buffer.from('{}') }

let database: TestDatabase
let bus: EventBus | undefined
let door: Server | undefined
const sockets = new Set<Socket>()

/** Lets through to the database on a port that nobody has listened on until now. */
async function openDoor(port: number): Promise<void> {
  const target = new URL(database.url)
  door = createServer((client) => {
    const server = connect(Number(target.port), target.hostname)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.pipe(server).pipe(client)
  })
  await new Promise<void>((resolve) => door?.listen(port, '127.0.0.1', resolve))
}

async function closedDoor() {
  const port = await freePort()
  const url = new URL(database.url)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return { port, url: url.toString() }
}

beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await bus?.close()
  bus = undefined
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  door?.close()
  await database.drop()
})

test('a bus is there before its broker, and works once that is', async () => {
  const { port, url } = await closedDoor()
  bus = openEventBus({ url, name: 'test', topology })
  expect(bus.state()).toBe('connecting')
  await expect(bus.publish(message)).rejects.toBeInstanceOf(BusUnavailableError)
  const received: Delivery[] = []
  const consumer = await bus.subscribe({ queue: 'all-things' }, async (delivery) => {
    received.push(delivery)
  })

  await openDoor(port)
  const opened = bus
  await until(() => opened.state() === 'ready', { timeout: 60_000 })
  await bus.publish(message)
  await until(() => received.length === 1, { timeout: 60_000 })
  expect(received[0]).toMatchObject({ id: '1', queue: 'all-things' })
  await consumer.stop()
}, 120_000)

test('a service is ready once its bus has been reached', async () => {
  const { port, url } = await closedDoor()
  const checks: Record<string, () => boolean> = {}
  const closing: (() => Promise<void>)[] = []
  const log = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 }
  const host = {
    log,
    readiness: { add: (more: typeof checks) => void Object.assign(checks, more) },
    addHook: (_name: 'onClose', hook: () => Promise<void>) => closing.push(hook),
  }
  const used = useEventBus(host, { url, name: 'test', topology })
  expect(checks['broker']?.()).toBe(false)
  await openDoor(port)
  await until(() => checks['broker']?.() === true, { timeout: 60_000 })
  for (const close of closing) await close()
  expect(used.state()).toBe('closed')
}, 120_000)

test('one that was never reached can be closed', async () => {
  const { url } = await closedDoor()
  const unreached = openEventBus({ url, name: 'test', topology })
  const consumer = await unreached.subscribe({ queue: 'all-things' }, async () => undefined)
  await consumer.stop()
  await unreached.close()
  expect(unreached.state()).toBe('closed')
})

test('a topology that contradicts itself is a fault at once', () => {
  const broken = { ...topology, queues: [] }
  expect(() => openEventBus({ url: database.url, name: 'test', topology: broken })).toThrow(
    'undeclared queue',
  )
})
