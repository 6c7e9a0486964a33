import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { createDatabase } from '@minaintyg/db'
import { createServer, startService } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { expectProblem, freePort, until } from '@minaintyg/testing'

const open = { config: { access: 'open' } } as const
const there = { database: true, broker: false }
let app: Server

beforeEach(async () => {
  app = await createServer({ name: 'things', logLevel: 'silent' })
  app.readiness.add({ database: () => there.database, broker: async () => there.broker })
})
afterEach(() => app.close())

describe('probes', () => {
  test('it is ready when everything is there, and says what is missing until then', async () => {
    Object.assign(there, { database: true, broker: false })
    const before = await app.inject('/readyz')
    expectProblem(before, 503, 'service.unavailable')
    expect(before.json()).toMatchObject({ missing: ['broker'] })
    expect(before.headers['retry-after']).toBeDefined()
    there.broker = true
    expect((await app.inject('/readyz')).statusCode).toBe(200)
  })

  test('it lives whatever is missing', async () => {
    Object.assign(there, { database: false, broker: false })
    expect((await app.inject('/livez')).statusCode).toBe(200)
  })

  test('what throws or hangs is not there', async () => {
    Object.assign(there, { database: true, broker: true })
    app.readiness.add({
      broken: async () => {
        throw new Error('no')
      },
      stuck: () => new Promise(() => undefined),
    })
    expect((await app.inject('/readyz')).json()).toMatchObject({ missing: ['broken', 'stuck'] })
  })
})

describe('the end', () => {
  test('it says so first and still answers; then workers stop, and then it listens no more', async () => {
    Object.assign(there, { database: true, broker: true })
    const order: string[] = []
    let finishWork: () => void = () => undefined
    const work = new Promise<void>((resolve) => (finishWork = resolve))
    app.get('/work', open, async () => ({ fine: true }))
    app.addHook('onClose', async () => void order.push('closed'))
    const worker = {
      name: 'worker',
      start: async () => undefined,
      async stop() {
        await work
        order.push('worker stopped')
      },
    }
    const broken = { ...worker, stop: async () => Promise.reject(new Error('no')) }
    const stop = await startService(
      { app, workers: [broken, worker] },
      { host: '127.0.0.1', port: 0 },
    )
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    const before = await request(`${url}/work`)
    await before.body.dump()
    expect(before.headers['connection']).toBe('keep-alive')

    const stopped = stop()
    const ready = await request(`${url}/readyz`)
    expect(ready.statusCode).toBe(503)
    expect(await ready.body.json()).toMatchObject({ missing: ['closing'] })
    const during = await request(`${url}/work`)
    expect(during.statusCode).toBe(200)
    expect(during.headers['connection']).toBe('close')
    await during.body.dump()

    finishWork()
    await stopped
    expect(order).toEqual(['worker stopped', 'closed'])
    await until(() =>
      request(`${url}/work`).then(
        () => false,
        () => true,
      ),
    )
  })
})

test('a database that is away is a 503 that says when to try again, and no bug', async () => {
  const db = createDatabase<{ thing: { id: string } }>({
    url: `postgres://nobody@127.0.0.1:${await freePort()}/things`,
  })
  app.get('/things', open, () => db.selectFrom('thing').selectAll().execute())
  const answer = await app.inject('/things')
  expectProblem(answer, 503, 'service.unavailable')
  expect(answer.headers['retry-after']).toBeDefined()
  await db.destroy()
})

test.each([
  ['57P01', undefined],
  ['08006', undefined],
  ['ECONNRESET', undefined],
  [undefined, 'timeout exceeded when trying to connect'],
  [undefined, 'Connection terminated unexpectedly'],
])('so is the error %s %s', async (code, message) => {
  app.get('/lost', open, async () => {
    throw Object.assign(new Error(message ?? 'lost'), code === undefined ? {} : { code })
  })
  expectProblem(await app.inject('/lost'), 503, 'service.unavailable')
})

test.each(['23505', '42P01', '22P02'])('the error %s is a bug', async (code) => {
  app.get('/bug', open, async () => {
    throw Object.assign(new Error('broken'), { code })
  })
  expectProblem(await app.inject('/bug'), 500, 'service.failed')
})
