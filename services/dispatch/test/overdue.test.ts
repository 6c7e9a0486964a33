import type { BusState } from '@minaintyg/messaging'
import { createRecordingBus, startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

const hour = 60 * 60_000
const clock = { at: new Date('2026-03-02T08:00:00Z').getTime() }
const later = (hours: number) => (clock.at += hours * hour)
let state: BusState = 'ready'
let dispatch: StartedDispatch
const recording = createRecordingBus()

beforeAll(async () => {
  dispatch = await startDispatch({
    deps: { bus: { ...recording.bus, state: () => state }, now: () => new Date(clock.at) },
  })
})
beforeEach(async () => {
  state = 'ready'
  recording.control.fail = undefined
  await dispatch.db
    .updateTable('outbox')
    .set({ cancelled_at: new Date(clock.at) })
    .execute()
})
afterAll(async () => {
  await dispatch.stop()
})

async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  return { certificate, id: id as string, state: () => dispatch.calls.stateOf(certificate, id) }
}
const pass = async () => {
  await dispatch.service.relay.drain()
  await dispatch.service.overdueParking.run()
}
const outboxOf = (id: string) =>
  dispatch.db
    .selectFrom('outbox')
    .select(['attempts', 'parked_at', 'last_error'])
    .where('subject', '=', id)
    .executeTakeFirstOrThrow()
const timelineOf = async (
  { certificate, id }: Awaited<ReturnType<typeof send>>,
  language = 'sv',
) => {
  const headers = { 'accept-language': language }
  const answer = await dispatch.calls.patient(
    certificate.patientId,
    'GET',
    `/dispatches/${id}`,
    headers,
  )
  return answer.json().timeline as { state: string; text: string }[]
}

describe('while the bus is away', () => {
  test.each(['connecting', 'blocked', 'failed'] as const)(
    '(%s) a dispatch waits for 75 hours, is then parked with the reason, and the patient is told',
    async (away) => {
      state = away
      const sent = await send()
      later(75)
      await pass()
      expect(await sent.state()).toBe('queued')
      later(1)
      await pass()
      await pass()
      expect(await sent.state()).toBe('parked')
      expect(await outboxOf(sent.id)).toMatchObject({
        attempts: 0,
        last_error: 'bus.unavailable: The event bus was away',
      })
      const timeline = await timelineOf(sent)
      expect(timeline.map((entry) => entry.state)).toEqual(['queued', 'parked'])
      expect(timeline.at(-1)!.text).toMatch(/kunnat lämna intyget.*ta tillbaka det och skicka/)
      expect((await timelineOf(sent, 'en')).at(-1)!.text).toMatch(/take it back and send it again/)
      const { certificate } = sent
      expect((await dispatch.calls.send(certificate)).statusCode).toBe(202)
    },
  )

  test('a shorter time costs it no attempt, and it leaves when the bus is back', async () => {
    state = 'connecting'
    const sent = await send()
    later(74)
    await pass()
    state = 'ready'
    await pass()
    expect(await sent.state()).toBe('delivered')
    expect((await outboxOf(sent.id)).attempts).toBe(0)
  })

  test('what is due as the bus comes back is tried before it is given up', async () => {
    state = 'connecting'
    const sent = await send()
    later(100)
    state = 'ready'
    await dispatch.service.overdueParking.run()
    expect(await sent.state()).toBe('queued')
    await pass()
    expect(await sent.state()).toBe('delivered')
  })

  test('events between services wait on: they leave when it is back, however late', async () => {
    const sent = await send()
    recording.control.fail = undefined
    await dispatch.service.relay.drain()
    state = 'connecting'
    await dispatch.calls.receipt(sent.id, 'received')
    later(200)
    await pass()
    const parked = await dispatch.db
      .selectFrom('outbox')
      .select('id')
      .where('subject', '=', sent.certificate.id)
      .where('parked_at', 'is not', null)
      .execute()
    expect(parked).toEqual([])
    state = 'ready'
    await pass()
    const types = recording
      .to('minaintyg.events')
      .map(({ body }) => JSON.parse(body.toString()))
      .filter(({ data }) => data.dispatchId === sent.id)
      .map(({ type }) => type)
    expect(types).toContain('dispatch.received.v1')
  })
})

describe('while nobody can be reached at the bus', () => {
  test('attempts go on for 75 hours, outages between them or not, and then it is parked', async () => {
    recording.control.fail = recording.unroutable()
    const sent = await send()
    await pass()
    for (let passed = 0; passed < 75; passed += 5) {
      later(5)
      state = passed >= 20 && passed < 60 ? 'blocked' : 'ready'
      await pass()
    }
    expect(await sent.state()).toBe('queued')
    later(1)
    await pass()
    expect(await sent.state()).toBe('parked')
    const { attempts, last_error: reason } = await outboxOf(sent.id)
    expect(attempts).toBeGreaterThan(3)
    expect(attempts).toBeLessThan(10)
    expect(reason).toMatch(/^bus\.unroutable/)
  })

  test('two replicas park it once', async () => {
    recording.control.fail = recording.unroutable()
    const sent = await send()
    await pass()
    later(76)
    state = 'connecting'
    const replica = await dispatch.startReplica()
    await Promise.all([dispatch.service.overdueParking.run(), replica.overdueParking.run()])
    await replica.app.close()
    const timeline = await timelineOf(sent)
    expect(timeline.map((entry) => entry.state)).toEqual(['queued', 'parked'])
  })

  test('what has been taken back meanwhile is not parked', async () => {
    state = 'connecting'
    const sent = await send()
    later(76)
    const url = `/dispatches/${sent.id}`
    await dispatch.calls.patient(sent.certificate.patientId, 'DELETE', url)
    await pass()
    expect(await sent.state()).toBe('cancelled')
  })
})
