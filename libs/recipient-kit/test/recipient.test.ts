import { connectEventBus, deadLetterQueue, silentLogger } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { receiptQueue, recipientQueue, topology } from '@minaintyg/contracts'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import pg from 'pg'
import {
  connectRecipientBus,
  createMemoryStore,
  createPostgresStore,
  createRecipient,
  recipientInboxSql,
} from '../src/index.ts'
import type {
  RecipientClient,
  RecipientOptions,
  RequestedDispatch,
  RevokedDispatch,
} from '../src/index.ts'
import { startTestGateway } from './test-gateway.ts'
import type { TestGateway } from './test-gateway.ts'

let gateway: TestGateway
let busDatabase: TestDatabase
let sender: EventBus
let bus: EventBus
const running: RecipientClient[] = []
/** Receipts that came over the bus, events that the bus said it gave up on, and their dead letters. */
const receipts: { id: string; type: string; data: Record<string, unknown> }[] = []
const refused: string[] = []
const dead: string[] = []
const logger = {
  ...silentLogger,
  error: (fields: { id?: string }) => void refused.push(String(fields.id)),
}

beforeAll(async () => {
  gateway = await startTestGateway()
  busDatabase = await createTestDatabase()
  sender = await connectEventBus({ url: busDatabase.url, name: 'dispatch', topology })
  bus = await connectRecipientBus({ url: busDatabase.url, recipientId: 'FKASSA', logger })
  await sender.subscribe({ queue: receiptQueue }, async ({ body }) => {
    receipts.push(JSON.parse(body.toString()))
  })
  const deadLetters = deadLetterQueue(recipientQueue('FKASSA'))
  await sender.subscribe({ queue: deadLetters }, async ({ id }) => {
    dead.push(String(id))
  })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((recipient) => recipient.stop()))
})
afterAll(async () => {
  await bus.close()
  await sender.close()
  await gateway.stop()
  await busDatabase.drop()
})

/** A recipient that keeps what it was handed. */
async function startRecipient<Tx = undefined>(options: Partial<RecipientOptions<Tx>> = {}) {
  const requested: RequestedDispatch<Tx>[] = []
  const revoked: RevokedDispatch<Tx>[] = []
  const recipient = createRecipient<Tx>({
    bus,
    recipientId: 'FKASSA',
    jwksUrl: gateway.jwksUrl,
    gatewayUrl: gateway.url,
    credentials: gateway.credentials,
    store: createMemoryStore() as never,
    handlers: {
      requested: async (dispatch) => {
        requested.push(dispatch)
        return undefined
      },
      revoked: async (dispatch) => {
        revoked.push(dispatch)
      },
    },
    ...options,
  })
  running.push(recipient)
  await recipient.start()
  return { recipient, requested, revoked }
}
const receiptsOf = (dispatchId: string) =>
  receipts.filter(({ data }) => data['dispatchId'] === dispatchId)

describe('a recipient', () => {
  test('is handed the document, checked, and says that it has it', async () => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    await gateway.publish(sender, event)
    await until(() => receiptsOf(event.data.dispatchId).length === 1)
    expect(requested).toMatchObject([{ dispatchId: event.data.dispatchId, eventId: event.id }])
    expect(requested[0]!.bytes).toEqual(gateway.documents.get(event.data.dispatchId))
    expect(receiptsOf(event.data.dispatchId)[0]).toMatchObject({
      type: 'se.minaintyg.receipt.received.v1',
      source: '/recipients/FKASSA',
    })
  })

  test('handles an event once, and sends the same receipt again when it comes again', async () => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    await gateway.publish(sender, event)
    await gateway.publish(sender, event)
    await until(() => receiptsOf(event.data.dispatchId).length === 2)
    expect(requested).toHaveLength(1)
    const [first, second] = receiptsOf(event.data.dispatchId)
    expect(second!.id).toBe(first!.id)
  })

  test('sends what its handler says, in that order, over HTTP where that is chosen', async () => {
    await startRecipient({
      receipts: 'http',
      handlers: {
        requested: async () => [
          { kind: 'received' },
          { kind: 'rejected', reason: 'Saknar sida 2' },
        ],
        revoked: async () => undefined,
      },
    })
    const event = gateway.requested()
    const { dispatchId } = event.data
    gateway.control.receiptStatus.push(503)
    await gateway.publish(sender, event)
    const sent = () => gateway.receipts.filter((receipt) => receipt.dispatchId === dispatchId)
    await until(() => sent().length === 2)
    expect(sent().map(({ body }) => body)).toMatchObject([
      { kind: 'received' },
      { kind: 'rejected', reason: 'Saknar sida 2' },
    ])
  })

  test('sends nothing when its handler returns nothing to send', async () => {
    const { requested, revoked } = await startRecipient({
      handlers: { requested: async () => [], revoked: async () => undefined },
    })
    const event = gateway.requested()
    await gateway.publish(sender, event)
    const next = gateway.requested()
    await running[0]!.sendReceipt(next.data.dispatchId, { kind: 'accepted', reference: 'FK-1' })
    await until(() => receiptsOf(next.data.dispatchId).length === 1)
    expect(receiptsOf(next.data.dispatchId)[0]!.data).toMatchObject({ reference: 'FK-1' })
    expect(receiptsOf(event.data.dispatchId)).toEqual([])
    expect([requested, revoked]).toEqual([[], []])
  })

  test('is told of what is revoked', async () => {
    const { revoked } = await startRecipient()
    const event = gateway.revoked('6f6f4a0e-6c5a-4d0f-9a53-0a9a5ad1cf1f')
    await gateway.publish(sender, event)
    await until(() => revoked.length === 1)
    expect(revoked[0]).toMatchObject({ reason: 'consent-withdrawn', eventId: event.id })
  })

  test('leaves alone what was revoked before it could be fetched', async () => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    gateway.control.documentStatus.push(410)
    await gateway.publish(sender, event)
    await until(() => gateway.control.documentStatus.length === 0)
    const next = gateway.requested()
    await gateway.publish(sender, next)
    await until(() => receiptsOf(next.data.dispatchId).length === 1)
    expect(requested.map(({ dispatchId }) => dispatchId)).toEqual([next.data.dispatchId])
    expect(refused).not.toContain(event.id)
  })

  test('tries again while the gateway is down, and with a new token after a 401', async () => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    gateway.control.documentStatus.push(503, 401)
    await gateway.publish(sender, event)
    await until(() => requested.length === 1)
    expect(gateway.control.documentStatus).toEqual([])
  })

  test('fetches other forms of the document', async () => {
    const forms: string[] = []
    await startRecipient({
      handlers: {
        requested: async ({ fetchAs }) => {
          forms.push(String(await fetchAs('application/pdf')))
          return []
        },
        revoked: async () => undefined,
      },
    })
    await gateway.publish(sender, gateway.requested())
    await until(() => forms.length === 1)
    expect(forms).toEqual(['%PDF'])
  })

  test('passes over events of types that came after it was written', async () => {
    await startRecipient()
    const unknown = { ...gateway.requested(), type: 'se.minaintyg.dispatch.greeted.v1' }
    const known = gateway.requested()
    await gateway.publish(sender, unknown)
    await gateway.publish(sender, known)
    await until(() => receiptsOf(known.data.dispatchId).length === 1)
    expect(refused).not.toContain(unknown.id)
  })
})

describe('a recipient refuses', () => {
  test('an event that was changed after it was signed', async () => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    await gateway.publish(sender, event, (body) => body.replace('LISJP', 'LUSE'))
    await until(() => dead.includes(event.id))
    expect(requested).toEqual([])
  })

  test('an event that was changed in its white space alone', async () => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    await gateway.publish(sender, event, (body) => body.replace('{', '{ '))
    await until(() => refused.includes(event.id))
    expect(requested).toEqual([])
  })

  test.each([
    ['an event without a signature', undefined],
    ['an attached signature', 'a.b.c'],
    ['what is no signature', 'rubbish'],
  ])('%s', async (_name, signature) => {
    const { requested } = await startRecipient()
    const event = gateway.requested()
    await sender.publish({
      exchange: 'minaintyg.dispatch',
      routingKey: 'FKASSA.x',
      id: event.id,
      body: Buffer.from(JSON.stringify(event)),
      headers: signature === undefined ? {} : { 'x-jws-signature': signature },
    })
    await until(() => refused.includes(event.id))
    expect(requested).toEqual([])
  })

  test.each([
    ['an event for another recipient', { data: { recipientId: 'AF' } }],
    ['data that break their contract', { data: { sequence: 0 } }],
    ['a document of another size', { document: { size: 3 } }],
    ['a document with another hash', { document: { sha256: '0'.repeat(64) } }],
    ['a document that lies elsewhere', { document: { dataref: 'http://127.0.0.1:9/document' } }],
  ])('%s', async (_name, more) => {
    const { requested } = await startRecipient()
    const event = gateway.requested(more)
    await gateway.publish(sender, event)
    await until(() => refused.includes(event.id))
    expect(requested).toEqual([])
    expect(receiptsOf(event.data.dispatchId)).toEqual([])
  })
})

describe('a recipient with its own Postgres', () => {
  let database: TestDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    database = await createTestDatabase()
    pool = new pg.Pool({ connectionString: database.url, max: 4 })
    await pool.query(recipientInboxSql)
    await pool.query('create table dossier (dispatch_id uuid not null)')
  })
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })
  const dossiers = async (dispatchId: string) =>
    (await pool.query('select from dossier where dispatch_id = $1', [dispatchId])).rowCount

  test('has its effect and the memory of it in one transaction, across restarts', async () => {
    let failures = 1
    const start = () =>
      startRecipient<pg.PoolClient>({
        store: createPostgresStore(pool),
        handlers: {
          requested: async ({ tx, dispatchId }) => {
            await tx.query('insert into dossier (dispatch_id) values ($1)', [dispatchId])
            failures -= 1
            if (failures >= 0) throw new Error('crashes after the effect, before the commit')
            return [{ kind: 'received' }, { kind: 'accepted', reference: 'FK-9' }]
          },
          revoked: async () => undefined,
        },
      })
    const { recipient } = await start()
    const event = gateway.requested()
    const { dispatchId } = event.data
    await gateway.publish(sender, event)
    await until(() => receiptsOf(dispatchId).length === 2)
    expect(await dossiers(dispatchId)).toBe(1)

    await recipient.stop()
    await start()
    await gateway.publish(sender, event)
    await until(() => receiptsOf(dispatchId).length === 4)
    expect(await dossiers(dispatchId)).toBe(1)
    expect(new Set(receiptsOf(dispatchId).map(({ id }) => id)).size).toBe(2)
  })

  test('has one effect when an event is delivered twice at the same time', async () => {
    const store = createPostgresStore(pool)
    const eventId = '0b0c7f34-52f6-4a7e-8a1b-6f3c5d1f6f10'
    let effects = 0
    const once = () =>
      store.once(eventId, async () => {
        effects += 1
        return [{ kind: 'received' }]
      })
    expect(await Promise.all([once(), once(), once()])).toEqual(
      Array(3).fill([{ kind: 'received' }]),
    )
    expect(effects).toBe(1)
  })
})
