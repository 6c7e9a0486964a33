import { randomUUID } from 'node:crypto'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

const day = 24 * 60 * 60_000
const year = 365.25 * day
let passed = 0
let dispatch: StartedDispatch

beforeEach(async () => {
  passed = 0
  dispatch = await startDispatch({ deps: { now: () => new Date(Date.now() + passed) } })
})
afterEach(async () => {
  await dispatch.stop()
})

async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const key = randomUUID()
  const { id } = (await dispatch.calls.send(certificate, { key })).json()
  return { certificate, key, id: id as string }
}
async function deliver() {
  const sent = await send()
  await dispatch.service.relay.drain()
  return sent
}
async function after(time: number): Promise<void> {
  passed = time
  await dispatch.service.retention.run()
}
const count = async (table: string) =>
  Number((await dispatch.owner.query(`select count(*) from ${table}`)).rows[0].count)
const feed = async () =>
  (await dispatch.calls.recipient('GET', '/recipient/dispatches?after=0')).json<{
    items: { data: { dispatchId: string } }[]
  }>()

test('events that left, and keys, go after 30 days; what is parked waits for a person', async () => {
  const { certificate, key, id } = await send()
  await dispatch.service.relay.drain()
  dispatch.recording.control.fail = dispatch.recording.unroutable()
  const parked = await send()
  await dispatch.db
    .updateTable('outbox')
    .set({ attempts: 9 })
    .where('subject', '=', parked.id)
    .execute()
  await dispatch.service.relay.drain()
  dispatch.recording.control.fail = undefined

  await after(29 * day)
  const same = await dispatch.calls.send(certificate, { key })
  expect(same.json()).toMatchObject({ id })
  await after(31 * day)
  expect((await dispatch.calls.send(certificate, { key })).statusCode).toBe(409)
  const left = await dispatch.db.selectFrom('outbox').select('subject').execute()
  expect(left).toEqual([{ subject: parked.id }])
})

test('a feed says from where it is complete, and keeps its numbers', async () => {
  expect(await feed()).toEqual({ items: [], signatures: {}, nextAfter: 0, completeAfter: 0 })
  await deliver()
  await deliver()
  passed = 60 * day
  const { id } = await deliver()
  expect(await feed()).toMatchObject({ nextAfter: 3, completeAfter: 0 })
  await after(89 * day)
  expect(await feed()).toMatchObject({ nextAfter: 3, completeAfter: 0 })
  await after(91 * day)
  const later = await feed()
  expect(later).toMatchObject({ nextAfter: 3, completeAfter: 2 })
  expect(later.items).toMatchObject([{ data: { dispatchId: id, sequence: 3 } }])
  await after(200 * day)
  expect(await feed()).toEqual({ items: [], signatures: {}, nextAfter: 0, completeAfter: 3 })
  await deliver()
  expect((await feed()).items).toMatchObject([{ data: { sequence: 4 } }])
})

test('nothing after an event that still has to leave goes from a feed', async () => {
  dispatch.recording.control.fail = dispatch.recording.unroutable()
  const waiting = await deliver()
  dispatch.recording.control.fail = undefined
  const sent = await deliver()
  await after(100 * day)
  const ids = (await feed()).items.map((event) => event.data.dispatchId)
  expect(ids).toEqual([waiting.id, sent.id])
})

test('whose event is gone is revoked all the same', async () => {
  const { certificate, id } = await deliver()
  await after(100 * day)
  await dispatch.calls.patient(certificate.patientId, 'POST', '/cancellations')
  await dispatch.service.relay.drain()
  expect(dispatch.recording.of(id).at(-1).type).toBe('se.minaintyg.dispatch.revoked.v1')
})

test('a dispatch goes with its timeline and receipts five years after the last that happened', async () => {
  const old = await deliver()
  await dispatch.calls.receipt(old.id, 'received')
  const cancelled = await send()
  const { patientId } = cancelled.certificate
  await dispatch.calls.patient(patientId, 'DELETE', `/dispatches/${cancelled.id}`)
  const answeredLater = await deliver()
  passed = year
  await dispatch.calls.receipt(answeredLater.id, 'received')
  await dispatch.service.relay.drain()

  await after(5 * year - 2 * day)
  expect(await count('dispatch')).toBe(3)
  await after(5 * year + 2 * day)
  const left = await dispatch.db.selectFrom('dispatch').select('id').execute()
  expect(left).toEqual([{ id: answeredLater.id }])
  expect([await count('receipt'), await count('recipient_event')]).toEqual([1, 0])
  const timelines = await dispatch.db.selectFrom('timeline_entry').select('dispatch_id').execute()
  expect(new Set(timelines.map((each) => each.dispatch_id))).toEqual(new Set([answeredLater.id]))
  await after(7 * year)
  expect(await count('dispatch')).toBe(0)
})

test('what was refused goes after five years by the clock of the database, and no sooner', async () => {
  const entry = (years: string) =>
    dispatch.owner.query(
      `insert into audit_event (at, event, reason)
       values (now() - interval '${years}', 'access-refused', '${years}')`,
    )
  await entry('5 years 1 day')
  await entry('4 years 364 days')
  await after(50 * year)
  const { rows } = await dispatch.owner.query('select reason from audit_event')
  expect(rows).toEqual([{ reason: '4 years 364 days' }])
  await expect(dispatch.db.deleteFrom('audit_event').execute()).rejects.toThrow('permission denied')
})
