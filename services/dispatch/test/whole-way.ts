import { randomUUID } from 'node:crypto'
import { defaultRecipients } from '@minaintyg/certificate-model'
import { exchanges, innerQueue, receiptQueue } from '@minaintyg/contracts'
import type { EventBus } from '@minaintyg/messaging'
import { createMemoryStore, createRecipient } from '@minaintyg/recipient-kit'
import type { RequestedDispatch, RevokedDispatch } from '@minaintyg/recipient-kit'
import { createTestTokens, rabbitmqUrl, until } from '@minaintyg/testing'
import { exportJWK, generateKeyPair } from 'jose'
import { startRecipientGateway } from './recipient-gateway.ts'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'
import { createTestBus } from './test-bus.ts'
import type { TestBus } from './test-bus.ts'

const withoutQueue = {
  id: 'NOQUEUE',
  name: 'Bolaget utan kö',
  kind: 'insurer',
  clientId: 'no-queue',
  channel: 'event',
  accepts: { types: ['LISJP'] },
  projections: ['original'],
  retention: { basis: 'test' },
} as const

/** Where the broker knows who publishes, receipts must be of the recipient's own user. */
function recipientsAt(kind: 'postgres' | 'rabbitmq') {
  const recipients = [...defaultRecipients, withoutQueue]
  if (kind === 'postgres') return recipients
  const brokerUser = decodeURIComponent(new URL(rabbitmqUrl()!).username)
  return recipients.map((recipient) => ({ ...recipient, brokerUser }))
}

/** From the patient's request to the recipient's word, over a real bus and with the real kit. */
export function describeTheWholeWay(kind: 'postgres' | 'rabbitmq'): void {
  let bus: TestBus
  let dispatch: StartedDispatch
  let others: EventBus
  let stopRecipient: () => Promise<void>
  let stopGateway: () => Promise<void>
  const requested: RequestedDispatch<undefined>[] = []
  const revoked: RevokedDispatch<undefined>[] = []
  const facts: { type: string; data: Record<string, unknown> }[] = []
  let deadReceipts: string[]
  const fetching: { hold?: Promise<void> } = {}

  async function startRecipient(gatewayUrl: string) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const clientKey = { ...(await exportJWK(privateKey)), kid: 'k', alg: 'ES256' }
    const recipient = createRecipient({
      bus: await bus.connect('recipient'),
      recipientId: 'FKASSA',
      jwksUrl: `${gatewayUrl}/.well-known/jwks.json`,
      gatewayUrl,
      credentials: { clientId: 'forsakringskassan', clientKey },
      store: createMemoryStore(),
      handlers: {
        async requested(request) {
          requested.push(request)
          await fetching.hold
          return [{ kind: 'received' }, { kind: 'accepted', reference: 'FK-1' }]
        },
        async revoked(event) {
          revoked.push(event)
        },
      },
    })
    await recipient.start()
    return () => recipient.stop()
  }

  beforeAll(async () => {
    bus = await createTestBus(kind)
    const tokens = await createTestTokens()
    const gateway = await startRecipientGateway(tokens)
    stopGateway = () => gateway.stop()
    dispatch = await startDispatch({
      tokens,
      config: { PUBLIC_URL: gateway.url, RECIPIENTS: JSON.stringify(recipientsAt(kind)) },
      deps: { bus: await bus.connect('dispatch') },
    })
    gateway.passTo(dispatch.service.app)
    await dispatch.service.app.ready()
    for (const worker of dispatch.service.workers) await worker.start()
    others = await bus.connect('other services')
    for (const type of ['dispatch.delivered.v1', 'dispatch.received.v1']) {
      await others.subscribe({ queue: innerQueue('certificate-store', type) }, async ({ body }) => {
        facts.push(JSON.parse(body.toString()))
      })
    }
    deadReceipts = await bus.deadLettersOf(receiptQueue)
    stopRecipient = await startRecipient(gateway.url)
  }, 60_000)

  afterAll(async () => {
    await stopRecipient()
    for (const worker of [...dispatch.service.workers].reverse()) await worker.stop()
    await dispatch.stop()
    await stopGateway()
    await bus.drop()
  }, 60_000)

  async function send() {
    const certificate = dispatch.neighbours.addCertificate()
    const { id } = (await dispatch.calls.send(certificate)).json()
    return { certificate, id: id as string }
  }
  const reaches = (sent: Awaited<ReturnType<typeof send>>, state: string) =>
    until(async () => (await dispatch.calls.stateOf(sent.certificate, sent.id)) === state)

  const publishReceipt = async (options: {
    recipientId?: string
    id?: string
    kind?: string
    data: unknown
  }) => {
    const { recipientId = 'FKASSA', id = randomUUID(), kind = 'accepted', data } = options
    const type = `se.minaintyg.receipt.${kind}.v1`
    const event = {
      specversion: '1.0',
      id,
      type,
      source: `/recipients/${recipientId}`,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    }
    await others.publish({
      exchange: exchanges.receipts,
      routingKey: `${recipientId}.${type}`,
      id,
      body: Buffer.from(JSON.stringify(event)),
    })
    return id
  }

  test('a certificate is delivered, received and accepted, and certificate-store hears of it', async () => {
    const sent = await send()
    await reaches(sent, 'accepted')
    const view = await dispatch.calls.patient(
      sent.certificate.patientId,
      'GET',
      `/dispatches/${sent.id}`,
    )
    expect(view.json().timeline.map(({ state }: { state: string }) => state)).toEqual([
      'queued',
      'delivered',
      'received',
      'accepted',
    ])
    const [handled] = requested.filter(({ dispatchId }) => dispatchId === sent.id)
    expect(String(handled!.bytes)).toBe(sent.certificate.xml)
    const factsOf = () => facts.filter(({ data }) => data['dispatchId'] === sent.id)
    await until(() => factsOf().length === 2)
    expect(
      factsOf()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['dispatch.delivered.v1', 'dispatch.received.v1'])
  })

  test('ten at once are each handled once', async () => {
    const sent = await Promise.all(Array.from({ length: 10 }, send))
    await Promise.all(sent.map((each) => reaches(each, 'accepted')))
    const ids = sent.map(({ id }) => id)
    const handled = requested.map(({ dispatchId }) => dispatchId).filter((id) => ids.includes(id))
    expect(handled.sort()).toEqual(ids.sort())
  })

  test('what no queue is bound for stays queued, and is never said to be delivered', async () => {
    const { id } = withoutQueue
    const certificate = dispatch.neighbours.addCertificate()
    const dispatchId = (await dispatch.calls.send(certificate, { recipientId: id })).json().id
    const row = await until(() =>
      dispatch.db
        .selectFrom('outbox')
        .selectAll()
        .where('subject', '=', dispatchId)
        .where('attempts', '>', 0)
        .executeTakeFirst(),
    )
    expect(row!).toMatchObject({ published_at: null })
    expect(row!.last_error).toMatch(/^bus.unroutable/)
    expect(await dispatch.calls.stateOf(certificate, dispatchId)).toBe('queued')
  })

  test('a withdrawal that comes as an event ends what can be ended', async () => {
    const gate = Promise.withResolvers<undefined>()
    fetching.hold = gate.promise
    const sent = await send()
    await until(() => requested.some(({ dispatchId }) => dispatchId === sent.id))
    await reaches(sent, 'delivered')
    // As if the document had not been fetched yet.
    await dispatch.db
      .updateTable('dispatch')
      .set({ fetched_at: null })
      .where('id', '=', sent.id)
      .execute()
    const [id, withdrawalId] = [randomUUID(), randomUUID()]
    const event = {
      specversion: '1.0',
      id,
      type: 'consent.withdrawn.v1',
      source: '/minaintyg/consent',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: {
        patientId: sent.certificate.patientId,
        withdrawalId,
        at: new Date().toISOString(),
      },
    }
    const message = {
      exchange: exchanges.events,
      routingKey: event.type,
      id,
      body: Buffer.from(JSON.stringify(event)),
    }
    await others.publish(message)
    await others.publish(message)
    await reaches(sent, 'revoked')
    await until(() => revoked.some(({ dispatchId }) => dispatchId === sent.id))
    const confirmed = await dispatch.db
      .selectFrom('outbox')
      .select('type')
      .where('subject', '=', withdrawalId)
      .execute()
    expect(confirmed).toEqual([{ type: 'erasure.done.v1' }])
    gate.resolve(undefined)
    delete fetching.hold
    const { patientId } = sent.certificate
    const answer = await dispatch.calls.patient(patientId, 'POST', '/cancellations')
    expect(answer.json()).toEqual({ cancelledDispatches: 1 })
  })

  test('receipts that cannot be booked are dead letters, and those after them are booked', async () => {
    const at = new Date().toISOString()
    const sent = await send()
    await reaches(sent, 'accepted')
    const unknown = { data: { dispatchId: randomUUID(), at } }
    const dead = [
      await publishReceipt(unknown),
      await publishReceipt({ data: { dispatchId: sent.id, at }, recipientId: 'AF' }),
      await publishReceipt({ data: { dispatchId: sent.id, at }, recipientId: 'NOBODY' }),
      await publishReceipt({ data: { dispatchId: sent.id } }),
      await publishReceipt({ data: { dispatchId: sent.id, at }, kind: 'lost' }),
    ]
    await until(() => dead.every((id) => deadReceipts.includes(id)), { timeout: 20_000 })
    const next = await send()
    await reaches(next, 'accepted')
  }, 40_000)
}
