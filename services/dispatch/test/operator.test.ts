import { randomUUID } from 'node:crypto'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createOrders } from './operator-orders.ts'
import type { Ended } from './operator-orders.ts'
import { createRecordingBus, startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

const command = fileURLToPath(new URL('../src/cli/dispatches.ts', import.meta.url))
const recording = createRecordingBus()
let dispatch: StartedDispatch
let url: string
let run: ReturnType<typeof createOrders>

beforeAll(async () => {
  dispatch = await startDispatch({ deps: { bus: recording.bus } })
  url = dispatch.serviceUrl
  run = createOrders({ DATABASE_URL: url })
})
beforeEach(() => {
  recording.control.fail = undefined
})
afterAll(async () => {
  await dispatch.stop()
})

/** The command itself. */
const runProcess = (args: string[], env: Record<string, string> = {}) =>
  new Promise<Ended>((resolve) => {
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning', command, ...args]
    const variables = { PATH: process.env['PATH'], DATABASE_URL: url, ...env }
    execFile(process.execPath, flags, { env: variables }, (error, out, err) => {
      const { code = 0 } = (error ?? {}) as { code?: number }
      resolve({ code, out, err })
    })
  })

async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  return { certificate, id: id as string, state: () => dispatch.calls.stateOf(certificate, id) }
}
async function park() {
  const sent = await send()
  recording.control.fail = recording.unroutable()
  const { id } = sent
  await dispatch.db.updateTable('outbox').set({ attempts: 9 }).where('subject', '=', id).execute()
  await dispatch.service.relay.drain()
  recording.control.fail = undefined
  expect(await sent.state()).toBe('parked')
  return sent
}
const recordOf = async (id: string) =>
  dispatch.db
    .selectFrom('audit_event')
    .select(['event', 'reason', 'operator', 'recipient_id', 'patient_id'])
    .where('resource_id', '=', id)
    .execute()
const act = (event: string) => ({
  event,
  reason: 'operator',
  operator: 'anna.a',
  recipient_id: 'FKASSA',
  patient_id: null,
})

describe('an operator', () => {
  test('sees what is parked and what is overdue, with recipient, age, attempts and reason', async () => {
    const parked = await park()
    const overdue = await send()
    const fresh = await send()
    await dispatch.db
      .updateTable('dispatch')
      .set({ requested_at: new Date(Date.now() - 3 * 60 * 60_000) })
      .where('id', '=', overdue.id)
      .execute()
    const { code, out } = await run(['list'], {})
    expect(code).toBe(0)
    const lineOf = (id: string) => out.split('\n').find((line) => line.startsWith(id))
    expect(lineOf(parked.id)).toMatch(
      / {2}FKASSA {2}parked {2}\d+ min {2}10 attempts {2}bus\.unroutable/,
    )
    expect(lineOf(overdue.id)).toMatch(/ {2}FKASSA {2}queued {2}3 h {2}0 attempts {2}-$/)
    expect(lineOf(fresh.id)).toBeUndefined()
    expect(out).toMatch(/FKASSA parked: \d+/)
    expect(out).not.toContain(parked.certificate.patientId)
    expect((await run(['list', '--recipient', 'AF'], {})).out).toMatch(/^Nothing is parked/)
  })

  test('replays one, which then leaves; it is on record by name, and the patient sees it', async () => {
    const { certificate, id, state } = await park()
    const ended = await run(['replay', '--id', id])
    expect(ended).toEqual({ code: 0, out: `${id}: done\n`, err: '' })
    expect(await state()).toBe('queued')
    await dispatch.service.relay.drain()
    expect(await state()).toBe('delivered')
    expect(await recordOf(id)).toEqual([act('dispatch-replayed')])
    const view = await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${id}`)
    const states = view.json().timeline.map((entry: { state: string }) => entry.state)
    expect(states).toEqual(['queued', 'parked', 'queued', 'delivered'])
    expect(await run(['replay', '--id', id])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/there is none/),
    })
  })

  test('replays what does not leave without consent', async () => {
    const { certificate, id, state } = await park()
    dispatch.neighbours.withdrawn.add(certificate.patientId)
    expect((await run(['replay', '--id', id])).code).toBe(0)
    await dispatch.service.relay.drain()
    expect(await state()).toBe('cancelled')
  })

  test('replays all that are parked for a reason', async () => {
    const [first, second] = [await park(), await park()]
    const others = await run(['replay', '--all', '--reason', 'bus.unavailable'])
    expect(others.out).toBe('0 of 0 replayed.\n')
    const { code, out } = await run(['replay', '--all', '--reason', 'bus.unroutable'])
    expect([code, out]).toEqual([0, expect.stringMatching(/^(\d+) of \1 replayed\.\n$/)])
    expect([await first.state(), await second.state()]).toEqual(['queued', 'queued'])
  })

  test('replays a parked event that is no request, by its own id', async () => {
    const { certificate, id } = await send()
    await dispatch.service.relay.drain()
    await dispatch.calls.patient(certificate.patientId, 'POST', '/cancellations')
    const event = await dispatch.db
      .updateTable('outbox')
      .set({ parked_at: new Date(), last_error: 'bus.unroutable: no queue' })
      .where('subject', '=', id)
      .where('type', '=', 'se.minaintyg.dispatch.revoked.v1')
      .returning('id')
      .executeTakeFirstOrThrow()
    expect((await run(['list'], {})).out).toContain('se.minaintyg.dispatch.revoked.v1')
    expect((await run(['replay', '--id', event.id])).code).toBe(0)
    await dispatch.service.relay.drain()
    expect(recording.of(id).at(-1).type).toBe('se.minaintyg.dispatch.revoked.v1')
    expect(await recordOf(event.id)).toMatchObject([
      { event: 'event-replayed', operator: 'anna.a' },
    ])
  })

  test('cancels what has not left, and nothing else', async () => {
    const parked = await park()
    const queued = await send()
    for (const { id, state, certificate } of [parked, queued]) {
      expect(await run(['cancel', '--id', id])).toMatchObject({ code: 0, out: `${id}: done\n` })
      expect(await state()).toBe('cancelled')
      expect(await recordOf(id)).toEqual([act('dispatch-cancelled')])
      expect((await dispatch.calls.send(certificate)).statusCode).toBe(202)
    }
    await dispatch.service.relay.drain()
    const left = await send()
    await dispatch.service.relay.drain()
    expect(await run(['cancel', '--id', left.id])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/it has left/),
    })
    expect(await recordOf(left.id)).toEqual([])
    expect((await run(['cancel', '--id', randomUUID()])).code).toBe(1)
  })

  test.each([
    ['no command', []],
    ['an unknown command', ['delete']],
    ['no id', ['replay']],
    ['an id and all', ['replay', '--id', randomUUID(), '--all']],
    ['an id that is none', ['cancel', '--id', 'x']],
    ['an unknown flag', ['list', '--force']],
  ])('is told the usage with %s', async (_name, args) => {
    const { code, err } = await run(args)
    expect([code, err]).toEqual([2, expect.stringMatching(/^usage: dispatches list/)])
  })

  test('changes nothing without a name', async () => {
    const { id, state } = await park()
    for (const env of [{}, { OPERATOR: 'two words' }]) {
      expect((await run(['replay', '--id', id], env)).code).toBe(2)
    }
    expect(await state()).toBe('parked')
    expect((await run(['cancel', '--id', id, '--operator', 'bo'], {})).code).toBe(0)
    expect(await recordOf(id)).toMatchObject([{ operator: 'bo' }])
  })

  test('is a command of its own, which says by its exit code what came of it', async () => {
    const { id } = await park()
    const list = await runProcess(['list'])
    expect(list).toMatchObject({ code: 0, err: '' })
    expect(list.out).toContain(id)
    expect((await runProcess(['list', '--force'])).code).toBe(2)
  })
})
