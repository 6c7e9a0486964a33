import { randomUUID } from 'node:crypto'
import { createRecordingBus } from '@minaintyg/testing'
import { createConsentUnderTest } from './consent-under-test.ts'
import type { ConsentUnderTest } from './consent-under-test.ts'

const day = 24 * 60 * 60_000
let consent: ConsentUnderTest
let now = new Date()

beforeAll(async () => {
  consent = await createConsentUnderTest({ bus: createRecordingBus(), now: () => now })
})
afterAll(() => consent.close())

const yearsAgo = (years: number, days = 0) => {
  const at = new Date(Date.now() - days * day)
  at.setFullYear(at.getFullYear() - years)
  return at
}
/** As it stands years later: no text was in force then. */
async function say(patientId: string, kind: 'given' | 'withdrawn', at: Date): Promise<void> {
  const id = randomUUID()
  await consent.rows.query(
    `insert into consent_record (id, patient_id, kind, text_version, language, channel, at)
     values ($1, $2, $3, '1.0', 'sv', 'gateway', $4)`,
    [id, patientId, kind, at],
  )
  if (kind === 'given') return
  await consent.rows.query('insert into erasure_under_way values ($1, $2)', [id, at])
}
async function carryOut(patientId: string): Promise<void> {
  await consent.rows.query(
    'delete from erasure_under_way where withdrawal_id in (select id from consent_record where patient_id = $1)',
    [patientId],
  )
  await consent.rows.query(
    `insert into erasure_part (withdrawal_id, part, done_at, confirmed_at)
     select id, 'dispatch', at, at from consent_record where patient_id = $1 and kind = 'withdrawn'`,
    [patientId],
  )
}
const statements = async (patientId: string) =>
  (await (await consent.asPatient(patientId)).proof()).json().proof.statements.length

test('what was withdrawn five years ago goes, with what was said before it', async () => {
  const [due, notYet, standing, again, undone] = [0, 0, 0, 0, 0].map(() => randomUUID())
  await say(due!, 'given', yearsAgo(9))
  await say(due!, 'withdrawn', yearsAgo(5, 2))
  await say(notYet!, 'given', yearsAgo(9))
  await say(notYet!, 'withdrawn', yearsAgo(4, 360))
  await say(standing!, 'given', yearsAgo(9))
  await say(again!, 'given', yearsAgo(9))
  await say(again!, 'withdrawn', yearsAgo(6))
  await say(again!, 'given', yearsAgo(6))
  await say(undone!, 'withdrawn', yearsAgo(6))
  for (const patientId of [due!, notYet!, again!]) await carryOut(patientId)

  await consent.service.retention.run()
  expect(await statements(due!)).toBe(0)
  expect(await statements(notYet!)).toBe(2)
  expect(await statements(standing!)).toBe(1)
  expect(await statements(again!)).toBe(1)
  expect(await statements(undone!)).toBe(1)
  const read = await (await consent.asPatient(again!)).read()
  expect(read.json()).toMatchObject({ state: 'given' })
})

test('events that left a month ago go', async () => {
  await (await consent.asPatient(randomUUID())).give()
  await consent.service.relay.drain()
  await consent.service.retention.run()
  const left = () => consent.rows.query('select from outbox where published_at is not null')
  expect((await left()).rowCount).toBeGreaterThan(0)
  now = new Date(Date.now() + 31 * day)
  await consent.service.retention.run()
  now = new Date()
  expect((await left()).rowCount).toBe(0)
})
