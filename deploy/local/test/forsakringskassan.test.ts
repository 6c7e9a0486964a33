import { receiptQueue, topology } from '@minaintyg/contracts'
import { connectEventBus } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { createTestDatabase, expectProblem, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import pg from 'pg'
import { startTestGateway } from '../../../libs/recipient-kit/test/test-gateway.ts'
import type { TestGateway } from '../../../libs/recipient-kit/test/test-gateway.ts'
import type { BooksSummary } from '../src/forsakringskassan/books.ts'
import { createForsakringskassan } from '../src/forsakringskassan/index.ts'
import type { Forsakringskassan, ForsakringskassanConfig } from '../src/forsakringskassan/index.ts'

let gateway: TestGateway
let database: TestDatabase
let dispatch: EventBus
const receipts: { type: string; data: Record<string, unknown> }[] = []

beforeAll(async () => {
  gateway = await startTestGateway()
  database = await createTestDatabase()
  dispatch = await connectEventBus({ url: database.url, name: 'dispatch', topology })
  await dispatch.subscribe({ queue: receiptQueue, concurrency: 1 }, async ({ body }) => {
    receipts.push(JSON.parse(body.toString()))
  })
})
afterAll(async () => {
  await dispatch.close()
  await gateway.stop()
  await database.drop()
})

const configWith = (databaseUrl: string): ForsakringskassanConfig => ({
  host: '127.0.0.1',
  port: 0,
  gatewayUrl: gateway.url,
  credentials: gateway.credentials,
  busUrl: database.url,
  databaseUrl,
  logLevel: 'silent',
})
const kindsOf = (dispatchId: string) =>
  receipts
    .filter(({ data }) => data['dispatchId'] === dispatchId)
    .map(({ type }) => /receipt\.(.*)\.v1$/.exec(type)?.[1])
    .sort()

describe('Försäkringskassan', () => {
  let authority: Forsakringskassan
  let books: TestDatabase

  beforeAll(async () => {
    books = await createTestDatabase()
    authority = await createForsakringskassan(configWith(books.url))
    await authority.start()
  })
  afterAll(async () => {
    await authority.stop()
    await books.drop()
  })

  const control = (payload: { mode: string; delay?: number }) =>
    authority.app.inject({ method: 'POST', url: '/control', payload })
  const cases = async () =>
    (await authority.app.inject('/dispatches')).json().items as Record<string, unknown>[]
  const isBooked = async (dispatchId: string) =>
    (await cases()).some((each) => each['dispatchId'] === dispatchId)

  test.each([
    [{ mode: 'accept' }, ['accepted', 'received']],
    [{ mode: 'slow', delay: 300 }, ['accepted', 'received']],
    [{ mode: 'reject' }, ['received', 'rejected']],
    [{ mode: 'completion' }, ['completion-requested', 'received']],
    [{ mode: 'accept' }, ['accepted', 'received']],
  ])('told %j it answers %j', async (told, expected) => {
    expect((await control(told)).json()).toEqual({ delay: 0, ...told })
    const event = gateway.requested()
    const { dispatchId } = event.data
    await gateway.publish(dispatch, event)
    await until(() => kindsOf(dispatchId).length === expected.length)
    expect(kindsOf(dispatchId)).toEqual(expected)
    const page = await authority.app.inject('/')
    expect(page.body).toContain(dispatchId)
    expect(page.headers['content-type']).toContain('text/html')
  })

  test('is slow for 5 s where no delay is told', async () => {
    expect((await control({ mode: 'slow' })).json()).toEqual({ mode: 'slow', delay: 5_000 })
    await control({ mode: 'accept' })
  })

  test('in the mode silent it books the dispatch and says nothing', async () => {
    await control({ mode: 'silent' })
    const event = gateway.requested()
    await gateway.publish(dispatch, event)
    await until(() => isBooked(event.data.dispatchId))
    await control({ mode: 'accept' })
    const next = gateway.requested()
    await gateway.publish(dispatch, next)
    await until(() => kindsOf(next.data.dispatchId).length === 2)
    expect(kindsOf(event.data.dispatchId)).toEqual([])
  })

  test('notes what is revoked', async () => {
    const event = gateway.requested()
    const { dispatchId } = event.data
    await gateway.publish(dispatch, event)
    await until(() => kindsOf(dispatchId).length === 2)
    await gateway.publish(dispatch, gateway.revoked(dispatchId))
    await until(async () =>
      (await cases()).some(
        (each) => each['dispatchId'] === dispatchId && each['revokedAt'] !== null,
      ),
    )
  })

  test('keeps ids and times and nothing of the document', async () => {
    const [newest] = await cases()
    expect(Object.keys(newest!).sort()).toEqual([
      'certificateId',
      'dispatchId',
      'receipts',
      'receivedAt',
      'reference',
      'requestedAt',
      'revokedAt',
      'sequence',
      'sha256',
      'size',
      'type',
    ])
  })

  test('says of its books that nothing stands in them twice, and would say it if it did', async () => {
    const summary = async (): Promise<BooksSummary> => (await authority.app.inject('/books')).json()
    const { cases: count, dispatches, bookedTwice } = await summary()
    expect([count, bookedTwice]).toEqual([dispatches, []])
    const client = new pg.Client({ connectionString: books.url })
    await client.connect()
    const { rows } = await client.query(
      `insert into books.booked_case (dispatch_id, certificate_id, type, sequence, sha256, size, receipts, requested_at, received_at)
       select dispatch_id, certificate_id, type, sequence, sha256, size, receipts, requested_at, received_at
       from books.booked_case limit 1 returning dispatch_id`,
    )
    await client.end()
    expect(await summary()).toEqual({
      cases: count + 1,
      dispatches,
      bookedTwice: [rows[0].dispatch_id],
    })
  })

  test('knows no other mode', async () => {
    expectProblem(await control({ mode: 'explode' }), 400, 'request.invalid')
  })
})
