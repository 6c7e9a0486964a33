import { ConsentWithdrawnV1, exchanges, innerTopology } from '@minaintyg/contracts'
import { connectEventBus } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { randomUUID } from 'node:crypto'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let busDatabase: TestDatabase
let bus: EventBus
let system: System

beforeAll(async () => {
  busDatabase = await createTestDatabase()
  const options = { url: busDatabase.url, topology: innerTopology }
  bus = await connectEventBus({ ...options, name: 'consent' })
  const own = await connectEventBus({ ...options, name: 'certificate-store' })
  system = await startSystem({ deps: { bus: own } })
  system.service.app.addHook('onClose', () => own.close())
})
afterAll(async () => {
  for (const worker of [...system.service.workers].reverse()) await worker.stop()
  await system.stop()
  await bus.close()
  await busDatabase.drop()
})

test('what is withdrawn is erased when the event comes over the bus', async () => {
  const patient = await system.logIn(numbers.driver)
  await patient.list()
  const [id, withdrawalId] = [randomUUID(), randomUUID()]
  const body = Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id,
      type: ConsentWithdrawnV1.type,
      source: '/minaintyg/consent',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { patientId: patient.id, withdrawalId, at: new Date().toISOString() },
    }),
  )
  await bus.publish({ exchange: exchanges.events, routingKey: ConsentWithdrawnV1.type, id, body })
  await until(async () => {
    const { rowCount } = await system.rows.query('select from patient_key where patient_id = $1', [
      patient.id,
    ])
    return rowCount === 0
  })
  const confirmed = await system.rows.query('select type from outbox where subject = $1', [
    withdrawalId,
  ])
  expect(confirmed.rows).toEqual([{ type: 'erasure.done.v1' }])
  const { items } = (await patient.get('/access-log')).json()
  expect(items[0]).toMatchObject({ action: 'erase', actor: { kind: 'system', name: 'Mina intyg' } })
})

test('the relay tells of stored certificates, though nobody listens yet', async () => {
  await (await system.logIn(numbers.employed)).list()
  await system.service.relay.start()
  await until(async () => {
    const { rows } = await system.rows.query(
      'select from outbox where published_at is null and parked_at is null',
    )
    return rows.length === 0
  })
  const { rows } = await system.rows.query('select type, last_error from outbox')
  expect(rows.length).toBeGreaterThan(3)
  expect(new Set(rows.map(({ last_error }) => last_error))).toEqual(new Set([null]))
})
