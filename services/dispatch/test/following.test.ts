import { randomUUID } from 'node:crypto'
import { expectProblem } from '@minaintyg/testing'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterEach(() => {
  dispatch.recording.control.fail = undefined
})
afterAll(async () => {
  await dispatch.stop()
})

async function send(patientId: string = randomUUID()) {
  const certificate = dispatch.neighbours.addCertificate({ patientId })
  const { id } = (await dispatch.calls.send(certificate)).json()
  return { certificate, patientId, id: id as string }
}
async function deliver(patientId?: string) {
  const sent = await send(patientId)
  await dispatch.service.relay.drain()
  return sent
}
const view = async (patientId: string, id: string, headers = {}) =>
  dispatch.calls.patient(patientId, 'GET', `/dispatches/${id}`, headers)

describe('GET /dispatches', () => {
  test('lists the newest first, page by page, without loss', async () => {
    const patientId = randomUUID()
    const sent: string[] = []
    for (let count = 0; count < 5; count += 1) sent.unshift((await send(patientId)).id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = await dispatch.calls.patient(patientId, 'GET', `/dispatches?limit=2${query}`)
      seen.push(...page.json().items.map(({ id }: { id: string }) => id))
      cursor = page.json().nextCursor
    }
    expect(seen).toEqual(sent)
  })

  test('shows nobody else’s', async () => {
    await send()
    const answer = await dispatch.calls.patient(randomUUID(), 'GET', '/dispatches')
    expect(answer.json()).toEqual({ items: [], nextCursor: null })
  })

  test('refuses a made-up cursor, and needs a token', async () => {
    const { calls, service } = dispatch
    expectProblem(
      await calls.patient(randomUUID(), 'GET', '/dispatches?cursor=abc'),
      400,
      'cursor.invalid',
    )
    expectProblem(await service.app.inject('/dispatches'), 401, 'token.invalid')
  })
})

describe('GET /dispatches/{id}', () => {
  test('tells the whole way in Swedish, and in English where that is asked for', async () => {
    const { patientId, id } = await deliver()
    await dispatch.calls.receipt(id, 'received')
    await dispatch.calls.receipt(id, 'accepted', { reference: 'FK-1' })
    const swedish = (await view(patientId, id)).json()
    expect(swedish.timeline.map(({ state }: { state: string }) => state)).toEqual([
      'queued',
      'delivered',
      'received',
      'accepted',
    ])
    expect(swedish.timeline.at(-1).text).toBe('Försäkringskassan har godtagit intyget.')
    const english = (await view(patientId, id, { 'accept-language': 'en' })).json()
    expect(english.timeline.at(-1).text).toBe('Försäkringskassan has accepted the certificate.')
  })

  test('answers 404 to everyone else, as to an id that there is not', async () => {
    const { id } = await send()
    expectProblem(await view(randomUUID(), id), 404, 'dispatch.not-found')
    expectProblem(await view(randomUUID(), randomUUID()), 404, 'dispatch.not-found')
    expectProblem(await view(randomUUID(), 'x'), 400, 'request.invalid')
  })
})

describe('DELETE /dispatches/{id}', () => {
  const cancel = (patientId: string, id: string) =>
    dispatch.calls.patient(patientId, 'DELETE', `/dispatches/${id}`)

  test('takes it back while it is queued: nothing leaves', async () => {
    const { patientId, id } = await send()
    const answer = await cancel(patientId, id)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    await dispatch.service.relay.drain()
    expect(dispatch.recording.of(id)).toEqual([])
    const { state, timeline } = (await view(patientId, id)).json()
    expect(state).toBe('cancelled')
    expect(timeline.at(-1).text).toBe(
      'Intyget skickas inte till Försäkringskassan. De har inte fått det.',
    )
  })

  test('tells the recipient where an attempt has been made, as its feed has it', async () => {
    const { patientId, id } = await send()
    dispatch.recording.control.fail = dispatch.recording.unroutable()
    await dispatch.service.relay.drain()
    dispatch.recording.control.fail = undefined
    expect((await cancel(patientId, id)).statusCode).toBe(204)
    await dispatch.db
      .updateTable('outbox')
      .set({ next_attempt_at: new Date(0) })
      .execute()
    await dispatch.service.relay.drain()
    expect(dispatch.recording.of(id)).toMatchObject([
      { type: 'se.minaintyg.dispatch.revoked.v1', data: { reason: 'cancelled' } },
    ])
  })

  test('answers 409 once it has left, and when it was taken back before', async () => {
    const delivered = await deliver()
    expectProblem(await cancel(delivered.patientId, delivered.id), 409, 'dispatch.not-cancellable')
    const queued = await send()
    await cancel(queued.patientId, queued.id)
    expectProblem(await cancel(queued.patientId, queued.id), 409, 'dispatch.not-cancellable')
  })

  test('answers 404 to everyone else, and 401 without a token', async () => {
    const { id } = await send()
    expectProblem(await cancel(randomUUID(), id), 404, 'dispatch.not-found')
    expectProblem(
      await dispatch.service.app.inject({ method: 'DELETE', url: `/dispatches/${id}` }),
      401,
      'token.invalid',
    )
  })

  test('lets the certificate be sent again', async () => {
    const { certificate, patientId, id } = await send()
    await cancel(patientId, id)
    expect((await dispatch.calls.send(certificate)).statusCode).toBe(202)
  })
})

describe('POST /cancellations', () => {
  const cancelAll = async (patientId: string) =>
    (await dispatch.calls.patient(patientId, 'POST', '/cancellations')).json()

  test('cancels what has not left, revokes what was not fetched, and leaves the rest', async () => {
    const patientId = randomUUID()
    const fetched = await deliver(patientId)
    await dispatch.calls.recipient('GET', `/recipient/dispatches/${fetched.id}/document`)
    const received = await deliver(patientId)
    await dispatch.calls.receipt(received.id, 'received')
    const queued = await send(patientId)
    const others = await send()

    expect(await cancelAll(patientId)).toEqual({ cancelledDispatches: 2 })
    const states = [queued, received, fetched, others].map((each) =>
      dispatch.calls.stateOf(each.certificate, each.id),
    )
    expect(await Promise.all(states)).toEqual(['cancelled', 'revoked', 'delivered', 'queued'])

    await dispatch.service.relay.drain()
    expect(dispatch.recording.of(queued.id)).toEqual([])
    expect(dispatch.recording.of(received.id).at(-1)).toMatchObject({
      type: 'se.minaintyg.dispatch.revoked.v1',
      data: { reason: 'consent-withdrawn' },
    })
    expect(await cancelAll(patientId)).toEqual({ cancelledDispatches: 0 })
  })

  test('forgets what a recipient wrote', async () => {
    const { patientId, id } = await deliver()
    const reason = 'Underlaget räcker inte'
    await dispatch.calls.receipt(id, 'rejected', { reason, reference: 'FK-77' })
    expect((await view(patientId, id)).body).toContain(reason)
    await cancelAll(patientId)
    expect((await view(patientId, id)).body).not.toContain(reason)
    const rows = await dispatch.db
      .selectFrom('receipt')
      .selectAll()
      .where('dispatch_id', '=', id)
      .execute()
    expect(rows).toMatchObject([{ reason: null, reference: null, question: null }])
  })

  test('needs a token', async () => {
    expectProblem(
      await dispatch.service.app.inject({ method: 'POST', url: '/cancellations' }),
      401,
      'token.invalid',
    )
  })
})
