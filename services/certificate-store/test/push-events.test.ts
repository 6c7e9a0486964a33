import { CertificateAddedV1, exchanges, innerQueue, innerTopology } from '@minaintyg/contracts'
import { connectEventBus, decodeEvent } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { hsaIds, startPushSystem } from './push-system.ts'
import type { PushSystem } from './push-system.ts'
import { numbers } from './system.ts'

const queue = innerQueue('notifications', CertificateAddedV1.type)
/** As it is once somebody hears of new certificates. */
const topology = {
  ...innerTopology,
  queues: [...innerTopology.queues, { name: queue }],
  bindings: [
    ...innerTopology.bindings,
    { queue, exchange: exchanges.events, pattern: CertificateAddedV1.type },
  ],
}

let busDatabase: TestDatabase
let notifications: EventBus
let system: PushSystem

beforeAll(async () => {
  busDatabase = await createTestDatabase()
  const options = { url: busDatabase.url, topology }
  notifications = await connectEventBus({ ...options, name: 'notifications' })
  const own = await connectEventBus({ ...options, name: 'certificate-store' })
  system = await startPushSystem({ deps: { bus: own } })
  system.service.app.addHook('onClose', () => own.close())
})
afterAll(async () => {
  for (const worker of [...system.service.workers].reverse()) await worker.stop()
  await system.stop()
  await notifications.close()
  await busDatabase.drop()
})

const unpublished = async () =>
  (await system.rows.query('select from outbox where published_at is null')).rowCount

test('whoever hears of new certificates hears of a pushed one once, over the bus', async () => {
  const heard: { id: string; data: unknown }[] = []
  const consumer = await notifications.subscribe({ queue }, async (delivery) => {
    const { id, data } = decodeEvent(delivery.body)
    heard.push({ id, data })
  })
  await system.service.relay.start()
  const patient = await system.logIn(numbers.driver)
  const { total } = await patient.list()
  const caller = await system.caller(hsaIds.norr)
  const parts = { number: numbers.driver, id: 'heard-of' }
  await Promise.all([caller.register(parts), caller.register(parts), caller.register(parts)])
  expect((await patient.list()).total).toBe(total + 1)
  await until(() => heard.length > 0)
  await until(async () => (await unpublished()) === 0)
  // Events come in order: nothing of this certificate can still be behind this one.
  await caller.register({ ...parts, id: 'heard-of-later' })
  await until(() => heard.length > 1)

  const { rows } = await system.rows.query(
    "select id from certificate where journal_id like 'heard-of%' order by stored_at",
  )
  expect(heard.map(({ data }) => data)).toEqual(
    rows.map(({ id }) => ({
      patientId: patient.id,
      certificateId: id,
      typeCode: 'LISJP',
      issuedAt: '2026-03-01T09:15:00.000Z',
      sourceId: 'region-norr',
      at: expect.any(String),
    })),
  )
  expect(new Set(heard.map(({ id }) => id)).size).toBe(2)
  await consumer.stop()
})
