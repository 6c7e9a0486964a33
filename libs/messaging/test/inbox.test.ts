import { randomUUID } from 'node:crypto'
import { AppError, PoisonMessageError } from '@minaintyg/errors'
import Type from 'typebox'
import { encodeEvent, idempotentHandler } from '../src/index.ts'
import type { Delivery, IdempotentHandlerOptions } from '../src/index.ts'
import { createMessagingDatabase } from './database.ts'
import type { MessagingDatabase, Tables } from './database.ts'

const ThingMade = {
  type: 'thing.made.v1',
  data: Type.Object({ note: Type.String() }),
} as const

let database: MessagingDatabase

beforeAll(async () => {
  database = await createMessagingDatabase()
})
afterAll(() => database.drop())
beforeEach(() => database.clear())

const bytesOf = (fields: object = {}) =>
  encodeEvent(ThingMade, {
    specversion: '1.0',
    id: randomUUID(),
    type: ThingMade.type,
    source: '/minaintyg/test',
    time: '2026-03-01T08:00:00Z',
    datacontenttype: 'application/json',
    data: { note: 'made' },
    ...fields,
  })

const delivery = (body: Buffer): Delivery => ({
  queue: 'q',
  exchange: 'e',
  routingKey: 'thing.made.v1',
  id: undefined,
  body,
  headers: {},
  redelivered: false,
  attempt: 1,
  properties: { userId: 'fkassa' },
})

type Options = IdempotentHandlerOptions<Tables, typeof ThingMade>

const handlerOf = (options: Partial<Options> = {}) =>
  idempotentHandler<Tables, typeof ThingMade>({
    db: database.db,
    handler: 'write-note',
    definition: ThingMade,
    handle: async ({ note }, tx) => {
      await tx.insertInto('effect').values({ note }).execute()
    },
    ...options,
  })

const effects = () => database.db.selectFrom('effect').select('note').execute()
const inbox = () => database.db.selectFrom('inbox').selectAll().execute()

describe('idempotentHandler', () => {
  test('has the effect and commits it with the inbox row', async () => {
    await handlerOf()(delivery(bytesOf()))
    expect(await effects()).toEqual([{ note: 'made' }])
    expect(await inbox()).toMatchObject([{ handler: 'write-note', attempts: 1, dead_at: null }])
  })

  test('hands over the event and who published it', async () => {
    const id = randomUUID()
    const seen: unknown[] = []
    const handle: Options['handle'] = async (_data, _tx, context) => {
      seen.push(context.event.id, context.delivery.properties.userId)
    }
    await handlerOf({ handle })(delivery(bytesOf({ id })))
    expect(seen).toEqual([id, 'fkassa'])
  })

  test('skips a duplicate, also when both come at the same time', async () => {
    const body = bytesOf()
    await Promise.all([handlerOf()(delivery(body)), handlerOf()(delivery(body))])
    await handlerOf()(delivery(body))
    expect(await effects()).toHaveLength(1)
  })

  test('lets another handler have its own effect of the same event', async () => {
    const body = bytesOf()
    await handlerOf()(delivery(body))
    await handlerOf({ handler: 'another' })(delivery(body))
    expect(await effects()).toHaveLength(2)
  })

  test.each([
    ['no JSON', Buffer.from('<xml/>')],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['no CloudEvent', Buffer.from('{"id": 1}')],
    ['too large', Buffer.alloc(9_000, ' ')],
  ])('calls a body that is %s poison', async (_fault, body) => {
    await expect(handlerOf()(delivery(body))).rejects.toThrow(PoisonMessageError)
  })

  test('calls data that breaks its contract, and an unexpected type, poison', async () => {
    const broken = Buffer.from(bytesOf().toString().replace('"note"', '"other"'))
    await expect(handlerOf()(delivery(broken))).rejects.toThrow(PoisonMessageError)
    const unexpected = Buffer.from(bytesOf().toString().replace('thing.made', 'thing.lost'))
    await expect(handlerOf()(delivery(unexpected))).rejects.toThrow(PoisonMessageError)
    expect(await effects()).toEqual([])
  })

  test('undoes the effect of a failure, counts it, and has it at the next delivery', async () => {
    const body = bytesOf()
    let fails = true
    const handler = handlerOf({
      handle: async ({ note }, tx) => {
        await tx.insertInto('effect').values({ note }).execute()
        if (fails) throw new Error('the neighbour is away')
      },
    })
    await expect(handler(delivery(body))).rejects.toThrow('the neighbour is away')
    expect(await effects()).toEqual([])
    expect(await inbox()).toMatchObject([{ attempts: 1, handled_at: null, last_error: 'Error' }])
    fails = false
    await handler(delivery(body))
    expect(await effects()).toHaveLength(1)
    expect(await inbox()).toMatchObject([{ attempts: 2, last_error: null }])
  })

  test('gives an event up for dead when the limit is reached', async () => {
    const body = bytesOf()
    const handler = handlerOf({
      retryLimit: 2,
      handle: async () => {
        throw new Error('never works')
      },
    })
    await expect(handler(delivery(body))).rejects.toThrow('never works')
    await expect(handler(delivery(body))).rejects.toThrow(PoisonMessageError)
    expect(await inbox()).toMatchObject([{ attempts: 2, dead_at: expect.any(Date) }])
  })

  test('counts attempts that ended with the process, so that a crashing event dies too', async () => {
    const body = bytesOf()
    const { id } = JSON.parse(body.toString()) as { id: string }
    await database.db
      .insertInto('inbox')
      .values({ event_id: id, handler: 'write-note', attempts: 5, last_error: null })
      .execute()
    await expect(handlerOf()(delivery(body))).rejects.toThrow(PoisonMessageError)
    expect(await effects()).toEqual([])
  })

  test('starts anew with a dead event that a person has put back', async () => {
    const body = bytesOf()
    let fails = true
    const handler = handlerOf({
      retryLimit: 1,
      handle: async ({ note }, tx) => {
        if (fails) throw new Error('not mended yet')
        await tx.insertInto('effect').values({ note }).execute()
      },
    })
    await expect(handler(delivery(body))).rejects.toThrow(PoisonMessageError)
    fails = false
    await handler(delivery(body))
    expect(await effects()).toHaveLength(1)
    expect(await inbox()).toMatchObject([{ attempts: 1, dead_at: null }])
  })

  test('lets an AppError through at once, keeping its code', async () => {
    const handler = handlerOf({
      handle: async () => {
        throw new AppError({ code: 'thing.unknown', status: 404, title: 'No such thing' })
      },
    })
    await expect(handler(delivery(bytesOf()))).rejects.toThrow(AppError)
    expect(await inbox()).toMatchObject([
      { attempts: 1, dead_at: expect.any(Date), last_error: 'thing.unknown' },
    ])
  })
})
