import { until } from '@minaintyg/testing'
import type { ReplacedDispatch } from '../src/index.ts'
import { startHarness } from './harness.ts'
import type { Harness } from './harness.ts'

let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
})
afterEach(async () => {
  await harness.stopRecipients()
})
afterAll(async () => {
  await harness.stop()
})

describe('a recipient', () => {
  test('is handed the document, checked, and says that it has it', async () => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, event)
    await until(() => harness.receiptsOf(event.data.dispatchId).length === 1)
    expect(requested).toMatchObject([{ dispatchId: event.data.dispatchId, eventId: event.id }])
    expect(requested[0]!.bytes).toEqual(harness.gateway.documents.get(event.data.dispatchId))
    expect(harness.receiptsOf(event.data.dispatchId)[0]).toMatchObject({
      type: 'se.minaintyg.receipt.received.v1',
      source: '/recipients/FKASSA',
    })
  })

  test('handles an event once, and sends the same receipt again when it comes again', async () => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, event)
    await harness.gateway.publish(harness.sender, event)
    await until(() => harness.receiptsOf(event.data.dispatchId).length === 2)
    expect(requested).toHaveLength(1)
    const [first, second] = harness.receiptsOf(event.data.dispatchId)
    expect(second!.id).toBe(first!.id)
  })

  test('sends what its handler says, in that order, over HTTP where that is chosen', async () => {
    await harness.startRecipient({
      receipts: 'http',
      handlers: {
        requested: async () => [
          { kind: 'received' },
          { kind: 'rejected', reason: 'Saknar sida 2' },
        ],
        revoked: async () => undefined,
      },
    })
    const event = harness.gateway.requested()
    const { dispatchId } = event.data
    harness.gateway.control.receiptStatus.push(503)
    await harness.gateway.publish(harness.sender, event)
    const sent = () =>
      harness.gateway.receipts.filter((receipt) => receipt.dispatchId === dispatchId)
    await until(() => sent().length === 2)
    expect(sent().map(({ body }) => body)).toMatchObject([
      { kind: 'received' },
      { kind: 'rejected', reason: 'Saknar sida 2' },
    ])
  })

  test('sends nothing when its handler returns nothing to send', async () => {
    const { recipient, requested, revoked } = await harness.startRecipient({
      handlers: { requested: async () => [], revoked: async () => undefined },
    })
    const event = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, event)
    const next = harness.gateway.requested()
    await recipient.sendReceipt(next.data.dispatchId, { kind: 'accepted', reference: 'FK-1' })
    await until(() => harness.receiptsOf(next.data.dispatchId).length === 1)
    expect(harness.receiptsOf(next.data.dispatchId)[0]!.data).toMatchObject({ reference: 'FK-1' })
    expect(harness.receiptsOf(event.data.dispatchId)).toEqual([])
    expect([requested, revoked]).toEqual([[], []])
  })

  test('is told of what is revoked', async () => {
    const { revoked } = await harness.startRecipient()
    const event = harness.gateway.revoked('6f6f4a0e-6c5a-4d0f-9a53-0a9a5ad1cf1f')
    await harness.gateway.publish(harness.sender, event)
    await until(() => revoked.length === 1)
    expect(revoked[0]).toMatchObject({ reason: 'consent-withdrawn', eventId: event.id })
  })

  test('is told of what is replaced, once, by what it is known to be, if it wants to be', async () => {
    const replaced: ReplacedDispatch<undefined>[] = []
    await harness.startRecipient({
      handlers: {
        requested: async () => [],
        revoked: async () => undefined,
        replaced: async (dispatch) => void replaced.push(dispatch),
      },
    })
    const dispatchId = '6f6f4a0e-6c5a-4d0f-9a53-0a9a5ad1cf1f'
    const replacedBy = '0d8f7f52-6f9b-4a43-a0a4-3d5a1f5f7c10'
    const event = harness.gateway.replaced(dispatchId, replacedBy)
    const unknown = harness.gateway.replaced(dispatchId)
    for (const each of [event, event, unknown]) {
      await harness.gateway.publish(harness.sender, each)
    }
    await until(() => replaced.some(({ eventId }) => eventId === unknown.id))
    const known = replaced.filter(({ eventId }) => eventId === event.id)
    expect(known).toMatchObject([{ dispatchId, replacedBy }])
  })

  test('leaves alone what was revoked before it could be fetched', async () => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    harness.gateway.control.documentStatus.push(410)
    await harness.gateway.publish(harness.sender, event)
    await until(() => harness.gateway.control.documentStatus.length === 0)
    const next = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, next)
    await until(() => harness.receiptsOf(next.data.dispatchId).length === 1)
    expect(requested.map(({ dispatchId }) => dispatchId)).toEqual([next.data.dispatchId])
    expect(harness.refused).not.toContain(event.id)
  })

  test('tries again while the gateway is down, and with a new token after a 401', async () => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    harness.gateway.control.documentStatus.push(503, 401)
    await harness.gateway.publish(harness.sender, event)
    await until(() => requested.length === 1)
    expect(harness.gateway.control.documentStatus).toEqual([])
  })

  test('fetches other forms of the document', async () => {
    const forms: string[] = []
    await harness.startRecipient({
      handlers: {
        requested: async ({ fetchAs }) => {
          forms.push(String(await fetchAs('application/pdf')))
          return []
        },
        revoked: async () => undefined,
      },
    })
    await harness.gateway.publish(harness.sender, harness.gateway.requested())
    await until(() => forms.length === 1)
    expect(forms).toEqual(['%PDF'])
  })

  test('passes over events of types that came after it was written', async () => {
    await harness.startRecipient()
    const unknown = { ...harness.gateway.requested(), type: 'se.minaintyg.dispatch.greeted.v1' }
    const known = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, unknown)
    await harness.gateway.publish(harness.sender, known)
    await until(() => harness.receiptsOf(known.data.dispatchId).length === 1)
    expect(harness.refused).not.toContain(unknown.id)
  })
})

describe('a recipient refuses', () => {
  test('an event that was changed after it was signed', async () => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, event, (body) => body.replace('LISJP', 'LUSE'))
    await until(() => harness.dead.includes(event.id))
    expect(requested).toEqual([])
  })

  test('an event that was changed in its white space alone', async () => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    await harness.gateway.publish(harness.sender, event, (body) => body.replace('{', '{ '))
    await until(() => harness.refused.includes(event.id))
    expect(requested).toEqual([])
  })

  test.each([
    ['an event without a signature', undefined],
    ['an attached signature', 'a.b.c'],
    ['what is no signature', 'rubbish'],
  ])('%s', async (_name, signature) => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested()
    await harness.sender.publish({
      exchange: 'minaintyg.dispatch',
      routingKey: 'FKASSA.x',
      id: event.id,
      body: Buffer.from(JSON.stringify(event)),
      headers: signature === undefined ? {} : { 'x-jws-signature': signature },
    })
    await until(() => harness.refused.includes(event.id))
    expect(requested).toEqual([])
  })

  test.each([
    ['an event for another recipient', { data: { recipientId: 'AF' } }],
    ['data that break their contract', { data: { sequence: 0 } }],
    ['a document of another size', { document: { size: 3 } }],
    ['a document with another hash', { document: { sha256: '0'.repeat(64) } }],
    ['a document that lies elsewhere', { document: { dataref: 'http://127.0.0.1:9/document' } }],
  ])('%s', async (_name, more) => {
    const { requested } = await harness.startRecipient()
    const event = harness.gateway.requested(more)
    await harness.gateway.publish(harness.sender, event)
    await until(() => harness.refused.includes(event.id))
    expect(requested).toEqual([])
    expect(harness.receiptsOf(event.data.dispatchId)).toEqual([])
  })
})

describe('a replay', () => {
  test('handles what the queue has not given, once, page after page, and nothing that is not signed', async () => {
    const { gateway } = harness
    const { recipient, requested, revoked } = await harness.startRecipient()
    const known = gateway.requested()
    await gateway.publish(harness.sender, known)
    await until(() => harness.receiptsOf(known.data.dispatchId).length === 1)
    const [missed, unsigned, forged] = [
      gateway.requested(),
      gateway.requested(),
      gateway.requested(),
    ]
    const forgotten = gateway.revoked(unsigned.data.dispatchId)
    const signatureOf = (event: object) => gateway.sign(Buffer.from(JSON.stringify(event)))
    gateway.feed.push(
      { event: known, signature: await signatureOf(known) },
      { event: unsigned, signature: null },
      { event: forged, signature: await signatureOf(unsigned) },
      { event: missed, signature: await signatureOf(missed) },
      { event: forgotten, signature: null },
    )
    expect(await recipient.replay(0)).toBe(5)
    expect(requested.map(({ eventId }) => eventId)).toEqual([known.id, missed.id])
    expect(revoked.map(({ eventId }) => eventId)).toEqual([forgotten.id])
    await until(() => harness.receiptsOf(missed.data.dispatchId).length === 1)
    expect(await recipient.replay(5)).toBe(5)
  })
})
