import { randomUUID } from 'node:crypto'
import { PoisonMessageError } from '@minaintyg/errors'
import { until } from '@minaintyg/testing'
import { createOrders } from './operator-orders.ts'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'
import { createTestBus } from './test-bus.ts'
import type { TestBus } from './test-bus.ts'

let dispatch: StartedDispatch
let bus: TestBus
let run: ReturnType<typeof createOrders>

beforeAll(async () => {
  dispatch = await startDispatch()
  bus = await createTestBus('postgres')
  run = createOrders({ DATABASE_URL: dispatch.serviceUrl, EVENT_BUS_DATABASE_URL: bus.url })
})
afterAll(async () => {
  await dispatch.stop()
  await bus.drop()
})

async function send() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  return { certificate, id: id as string, state: () => dispatch.calls.stateOf(certificate, id) }
}
const recordOf = async (id: string) =>
  dispatch.db
    .selectFrom('audit_event')
    .select(['event', 'operator'])
    .where('resource_id', '=', id)
    .execute()

describe('dead letters', () => {
  const queue = 'dispatch.receipts.v1'
  const receiptOf = (dispatchId: string, id: string) => ({
    specversion: '1.0',
    id,
    type: 'se.minaintyg.receipt.received.v1',
    source: '/recipients/FKASSA',
    time: new Date().toISOString(),
    subject: dispatchId,
    datacontenttype: 'application/json',
    data: { dispatchId, at: new Date().toISOString() },
  })
  const dieAt = async (
    name: string,
    routingKey: string,
    exchange: string,
    body: string,
    id: string,
  ) => {
    const there = await bus.connect('a consumer that gives up')
    const seen = async () => (await listed()).includes(id)
    await there.publish({ exchange, routingKey, id, body: Buffer.from(body) })
    const consumer = await there.subscribe({ queue: name }, async () => {
      throw new PoisonMessageError('It cannot be read today')
    })
    await until(seen)
    await consumer.stop()
  }
  const dead = (dispatchId: string, id: string = randomUUID()) =>
    dieAt(
      queue,
      'FKASSA.se.minaintyg.receipt.received.v1',
      'minaintyg.receipts',
      JSON.stringify(receiptOf(dispatchId, id)),
      id,
    ).then(() => id)
  const listed = async () => (await run(['dead'], {})).out

  test('are listed by queue, with what they are about and nothing of what they say', async () => {
    const { id: dispatchId, certificate } = await send()
    const id = await dead(dispatchId)
    const out = await listed()
    expect(out).toContain(`${queue}  ${id}  se.minaintyg.receipt.received.v1  ${dispatchId}`)
    expect(out).not.toContain(certificate.patientId)
    expect(await listed()).toBe(out)
    await run(['dead-drop', '--queue', queue, '--id', id])
  })

  test('of receipts are booked when they are replayed, and are gone; by whom is on record', async () => {
    const sent = await send()
    await dispatch.service.relay.drain()
    const id = await dead(sent.id)
    const ended = await run(['dead-replay', '--queue', queue, '--id', id])
    expect(ended).toEqual({ code: 0, out: '1 replayed.\n', err: '' })
    expect(await sent.state()).toBe('received')
    expect(await listed()).not.toContain(id)
    expect(await recordOf(id)).toMatchObject([
      { event: 'dead-letter-replayed', operator: 'anna.a' },
    ])
  })

  test('that fail again stay where they are, and it says why', async () => {
    const id = await dead(randomUUID())
    const ended = await run(['dead-replay', '--queue', queue, '--all'])
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.out).toContain(`${id}: still dead, dispatch.not-found`)
    expect(await listed()).toContain(id)
    expect(await recordOf(id)).toEqual([])
    expect((await run(['dead-drop', '--queue', queue, '--id', id])).code).toBe(0)
    expect(await listed()).not.toContain(id)
    expect(await recordOf(id)).toMatchObject([{ event: 'dead-letter-dropped', operator: 'anna.a' }])
  })

  test('of a recipient go back to its queue', async () => {
    const name = 'dispatch.FKASSA.v1'
    const id = randomUUID()
    const body = JSON.stringify({
      ...receiptOf(randomUUID(), id),
      type: 'se.minaintyg.dispatch.revoked.v1',
    })
    const key = 'FKASSA.se.minaintyg.dispatch.revoked.v1'
    await dieAt(name, key, 'minaintyg.dispatch', body, id)
    expect((await run(['dead-replay', '--queue', name, '--id', id])).code).toBe(0)
    const read: string[] = []
    const reader = await (
      await bus.connect('FKASSA')
    ).subscribe({ queue: name }, async (delivery) => {
      read.push(delivery.body.toString())
    })
    await until(() => read.length === 1)
    await reader.stop()
    expect(read).toEqual([body])
    expect(await listed()).not.toContain(id)
  })

  test('of a queue that there is not are not looked for', async () => {
    const ended = await run(['dead-drop', '--queue', 'consent.erasure.done.v1', '--id', 'x'])
    expect(ended).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^Queues: dispatch\.receipts/),
    })
  })
})
