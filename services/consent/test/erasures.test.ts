import { randomUUID } from 'node:crypto'
import { ConsentWithdrawnV1, ErasureDoneV1, exchanges, innerTopology } from '@minaintyg/contracts'
import type { ErasurePart } from '@minaintyg/contracts'
import { connectEventBus, encodeEvent } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { startService } from '@minaintyg/service'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { createConsentUnderTest } from './consent-under-test.ts'
import type { ConsentUnderTest } from './consent-under-test.ts'

const minute = 60_000
let busDatabase: TestDatabase
let bus: EventBus
let consent: ConsentUnderTest
let stop: () => Promise<void>
let now = new Date('2026-06-01T08:00:00Z')

beforeAll(async () => {
  busDatabase = await createTestDatabase()
  bus = await connectEventBus({ url: busDatabase.url, name: 'others', topology: innerTopology })
  consent = await createConsentUnderTest(
    { now: () => now },
    { EVENT_BUS_DATABASE_URL: busDatabase.url },
  )
  stop = await startService(consent.service, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await stop()
  await consent.close()
  await bus.close()
  await busDatabase.drop()
})

async function withdraw(patientId: string): Promise<string> {
  const patient = await consent.asPatient(patientId)
  await patient.give()
  await patient.withdraw()
  const found = await consent.rows.query<{ id: string }>(
    "select id from consent_record where patient_id = $1 and kind = 'withdrawn' order by position desc",
    [patientId],
  )
  return found.rows[0]!.id
}
async function erasureOf(patientId: string) {
  return (await (await consent.asPatient(patientId)).read()).json().erasure
}
async function confirm(withdrawalId: string, part: ErasurePart, at: string): Promise<void> {
  const id = randomUUID()
  const body = encodeEvent(ErasureDoneV1, {
    specversion: '1.0',
    id,
    type: ErasureDoneV1.type,
    source: `/minaintyg/${part}`,
    time: at,
    datacontenttype: 'application/json',
    data: { withdrawalId, part, at },
  })
  await bus.publish({ exchange: exchanges.events, routingKey: ErasureDoneV1.type, id, body })
}
const underWay = async (withdrawalId: string) =>
  (
    await consent.rows.query('select from erasure_under_way where withdrawal_id = $1', [
      withdrawalId,
    ])
  ).rowCount
const withdrawnEvents = async (patientId: string) =>
  (
    await consent.rows.query('select from outbox where subject = $1 and type = $2', [
      patientId,
      ConsentWithdrawnV1.type,
    ])
  ).rowCount

const doneAt = (part: string, erasure: { parts: { part: string; doneAt: string | null }[] }) =>
  erasure.parts.find((each) => each.part === part)?.doneAt

test('nothing was ever withdrawn, so there is nothing to erase', async () => {
  expect(await erasureOf(randomUUID())).toBeNull()
})

test('a withdrawal shows which part is done, and when all are', async () => {
  const patientId = randomUUID()
  const withdrawalId = await withdraw(patientId)
  expect(await erasureOf(patientId)).toEqual({
    finishedAt: null,
    parts: [
      { part: 'certificate-store', doneAt: null },
      { part: 'rendering', doneAt: null },
      { part: 'dispatch', doneAt: null },
    ],
  })
  await confirm(withdrawalId, 'certificate-store', '2026-06-01T08:00:01.000Z')
  await until(async () => doneAt('certificate-store', await erasureOf(patientId)) !== null)
  expect((await erasureOf(patientId)).finishedAt).toBeNull()
  expect(await underWay(withdrawalId)).toBe(1)

  await Promise.all([
    confirm(withdrawalId, 'rendering', '2026-06-01T08:00:20.000Z'),
    confirm(withdrawalId, 'dispatch', '2026-06-01T08:00:02.000Z'),
  ])
  await until(async () => (await underWay(withdrawalId)) === 0)
  const { finishedAt } = await erasureOf(patientId)
  expect(finishedAt).toBe('2026-06-01T08:00:20.000Z')
})

test('a part that confirms again stays as it was first', async () => {
  const patientId = randomUUID()
  const withdrawalId = await withdraw(patientId)
  await confirm(withdrawalId, 'dispatch', '2026-06-01T08:00:02.000Z')
  await until(async () => doneAt('dispatch', await erasureOf(patientId)) !== null)
  await confirm(withdrawalId, 'dispatch', '2026-06-01T09:00:00.000Z')
  await confirm(withdrawalId, 'rendering', '2026-06-01T08:00:20.000Z')
  await until(async () => doneAt('rendering', await erasureOf(patientId)) !== null)
  expect(doneAt('dispatch', await erasureOf(patientId))).toBe('2026-06-01T08:00:02.000Z')
})

test('a confirmation of what was never withdrawn is a dead letter, and the next one is heard', async () => {
  const patientId = randomUUID()
  const withdrawalId = await withdraw(patientId)
  await confirm(randomUUID(), 'dispatch', now.toISOString())
  await confirm(withdrawalId, 'dispatch', now.toISOString())
  await until(async () => doneAt('dispatch', await erasureOf(patientId)) !== null)
  const dead = await consent.rows.query('select last_error from inbox where dead_at is not null')
  expect(dead.rows).toEqual([{ last_error: 'PoisonMessageError' }])
})

describe('the watch', () => {
  test('asks anew for what nobody has confirmed within the hour, once an hour', async () => {
    const patientId = randomUUID()
    const withdrawalId = await withdraw(patientId)
    now = new Date(now.getTime() + 59 * minute)
    await consent.service.erasureWatch.run()
    expect(await withdrawnEvents(patientId)).toBe(1)
    now = new Date(now.getTime() + 2 * minute)
    await Promise.all([consent.service.erasureWatch.run(), consent.service.erasureWatch.run()])
    expect(await withdrawnEvents(patientId)).toBe(2)
    for (const part of ['certificate-store', 'rendering', 'dispatch'] as const) {
      await confirm(withdrawalId, part, now.toISOString())
    }
    await until(async () => (await underWay(withdrawalId)) === 0)
    now = new Date(now.getTime() + 120 * minute)
    await consent.service.erasureWatch.run()
    expect(await withdrawnEvents(patientId)).toBe(2)
  })
})
