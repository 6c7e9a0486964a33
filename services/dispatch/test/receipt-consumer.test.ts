import { randomUUID } from 'node:crypto'
import { defaultRecipients } from '@minaintyg/certificate-model'
import { receiptQueue } from '@minaintyg/contracts'
import { createDatabase } from '@minaintyg/db'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import type { Delivery, MessageHandler } from '@minaintyg/messaging'
import { until } from '@minaintyg/testing'
import type { Database } from '../src/database.ts'
import { createRecordingBus, startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
let handler: MessageHandler
const recording = createRecordingBus()

beforeAll(async () => {
  const handlers = new Map<string, MessageHandler>()
  dispatch = await startDispatch({
    config: {
      RECIPIENTS: JSON.stringify(
        defaultRecipients.map((each) => ({ ...each, brokerUser: `${each.clientId}-user` })),
      ),
    },
    deps: {
      bus: {
        ...recording.bus,
        subscribe: async ({ queue }, given) => {
          handlers.set(queue, given)
          return { stop: async () => undefined }
        },
      },
    },
  })
  for (const worker of dispatch.service.workers.slice(1)) await worker.start()
  handler = handlers.get(receiptQueue)!
})
afterAll(async () => {
  await dispatch.stop()
})

async function deliver() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  await dispatch.service.relay.drain()
  return { certificate, id: id as string }
}

interface Given {
  dispatchId: string
  kind?: string
  id?: string
  recipientId?: string
  userId?: string | undefined
  event?: Record<string, unknown>
}
function receipt(given: Given): Delivery {
  const { dispatchId, kind = 'received', id = randomUUID(), recipientId = 'FKASSA' } = given
  const userId = 'userId' in given ? given.userId : 'forsakringskassan-user'
  const event = {
    specversion: '1.0',
    id,
    type: `se.minaintyg.receipt.${kind}.v1`,
    source: `/recipients/${recipientId}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: { dispatchId, at: new Date().toISOString() },
    ...given.event,
  }
  return {
    queue: receiptQueue,
    exchange: 'minaintyg.receipts',
    routingKey: `${recipientId}.${event.type}`,
    id,
    body: Buffer.from(JSON.stringify(event)),
    headers: {},
    redelivered: false,
    attempt: 1,
    properties: { userId },
  }
}
const refusalsAbout = (dispatchId: string) =>
  dispatch.db
    .selectFrom('audit_event')
    .select(['event', 'reason', 'recipient_id', 'route'])
    .where('resource_id', '=', dispatchId)
    .execute()
const rowsOf = (dispatchId: string) =>
  dispatch.db.selectFrom('receipt').selectAll().where('dispatch_id', '=', dispatchId).execute()

describe('a receipt over the bus', () => {
  test('is booked', async () => {
    const { certificate, id } = await deliver()
    await handler(receipt({ dispatchId: id }))
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('received')
  })

  test('is booked once, over whichever way it comes again', async () => {
    const { certificate, id } = await deliver()
    const twice = receipt({ dispatchId: id, id: randomUUID() })
    await handler(twice)
    await handler(twice)
    await dispatch.calls.receipt(id, 'accepted', { id: twice.id! })
    expect(await rowsOf(id)).toHaveLength(1)
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('received')
  })

  test('may come out of order', async () => {
    const { certificate, id } = await deliver()
    for (const kind of ['accepted', 'received', 'completion-requested']) {
      await handler(receipt({ dispatchId: id, kind }))
    }
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('accepted')
    expect(await rowsOf(id)).toHaveLength(3)
  })

  test('carries the question to the patient', async () => {
    const { certificate, id } = await deliver()
    const data = { dispatchId: id, at: new Date().toISOString(), question: 'Hur länge?' }
    await handler(receipt({ dispatchId: id, kind: 'completion-requested', event: { data } }))
    const view = await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${id}`)
    expect(view.json().timeline.at(-1).text).toContain('”Hur länge?”')
  })

  test('of another user than the recipient’s is refused', async () => {
    const { certificate, id } = await deliver()
    for (const userId of ['guest', 'arbetsformedlingen-user', undefined]) {
      await expect(handler(receipt({ dispatchId: id, userId }))).rejects.toThrow(PoisonMessageError)
    }
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
    await until(async () => (await refusalsAbout(id)).length === 3)
    expect((await refusalsAbout(id))[0]).toEqual({
      event: 'access-refused',
      reason: 'receipt.wrong-sender',
      recipient_id: 'FKASSA',
      route: receiptQueue,
    })
  })

  test('of another recipient is refused', async () => {
    const { certificate, id } = await deliver()
    const foreign = receipt({
      dispatchId: id,
      recipientId: 'AF',
      userId: 'arbetsformedlingen-user',
    })
    await expect(handler(foreign)).rejects.toThrow(AppError)
    expect(await rowsOf(id)).toEqual([])
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('delivered')
    await until(async () => (await refusalsAbout(id)).length === 1)
    expect((await refusalsAbout(id))[0]).toMatchObject({
      reason: 'dispatch.not-found',
      recipient_id: 'AF',
    })
  })

  test.each([
    ['an unknown dispatch', {}],
    ['an unknown kind', { type: 'se.minaintyg.receipt.lost.v1' }],
    ['data without a time', { data: { dispatchId: randomUUID() } }],
    ['unknown fields', { data: { dispatchId: randomUUID(), at: new Date(), name: 'x' } }],
    ['an id that is no UUID', { id: 'x' }],
  ])('for %s is a dead letter at once', async (_name, event) => {
    const failure = await handler(receipt({ dispatchId: randomUUID(), event })).catch(
      (error: unknown) => error,
    )
    const dead = failure instanceof AppError || failure instanceof PoisonMessageError
    expect(dead).toBe(true)
  })

  test('that is no JSON is a dead letter at once', async () => {
    const rubbish = { ...receipt({ dispatchId: randomUUID() }), body: Buffer.from('{\0') }
    await expect(handler(rubbish)).rejects.toThrow(PoisonMessageError)
  })

  test('is booked at a later attempt when the database failed at the first', async () => {
    const { certificate, id } = await deliver()
    const message = receipt({ dispatchId: id })
    const owner = createDatabase<Database>({ url: dispatch.ownerUrl, poolSize: 1 })
    await owner.schema.alterTable('receipt').renameTo('receipt_away').execute()
    const failure = await handler(message).catch((error: unknown) => error)
    await owner.schema.alterTable('receipt_away').renameTo('receipt').execute()
    await owner.destroy()
    expect(failure).not.toBeInstanceOf(AppError)
    expect(failure).not.toBeInstanceOf(PoisonMessageError)
    expect(failure).toBeInstanceOf(Error)
    await handler(message)
    expect(await dispatch.calls.stateOf(certificate, id)).toBe('received')
  })
})
