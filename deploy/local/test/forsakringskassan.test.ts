import { receiptQueue, topology } from '@minaintyg/contracts'
import { connectEventBus } from '@minaintyg/messaging'
import type { EventBus } from '@minaintyg/messaging'
import { createTestDatabase, expectProblem, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { startTestGateway } from '../../../libs/recipient-kit/test/test-gateway.ts'
import type { TestGateway } from '../../../libs/recipient-kit/test/test-gateway.ts'
import { createForsakringskassan } from '../src/forsakringskassan/index.ts'
import type { Forsakringskassan } from '../src/forsakringskassan/index.ts'

let gateway: TestGateway
let database: TestDatabase
let dispatch: EventBus
let authority: Forsakringskassan
const receipts: { type: string; data: Record<string, unknown> }[] = []

beforeAll(async () => {
  gateway = await startTestGateway()
  database = await createTestDatabase()
  dispatch = await connectEventBus({ url: database.url, name: 'dispatch', topology })
  await dispatch.subscribe({ queue: receiptQueue, concurrency: 1 }, async ({ body }) => {
    receipts.push(JSON.parse(body.toString()))
  })
  authority = await createForsakringskassan({
    host: '127.0.0.1',
    port: 0,
    gatewayUrl: gateway.url,
    credentials: gateway.credentials,
    busUrl: database.url,
    logLevel: 'silent',
    slowness: 300,
  })
  await authority.start()
})
afterAll(async () => {
  await authority.stop()
  await dispatch.close()
  await gateway.stop()
  await database.drop()
})

const setMode = (mode: string) =>
  authority.app.inject({ method: 'POST', url: '/control', payload: { mode } })
const cases = async () =>
  (await authority.app.inject('/dispatches')).json().items as Record<string, unknown>[]
const receiptsOf = (dispatchId: string) =>
  receipts
    .filter(({ data }) => data['dispatchId'] === dispatchId)
    .map(({ type }) => /receipt\.(.*)\.v1$/.exec(type)?.[1])
    .sort()

test.each([
  ['accept', ['accepted', 'received']],
  ['slow', ['accepted', 'received']],
  ['reject', ['received', 'rejected']],
  ['completion', ['completion-requested', 'received']],
])('in the mode %s it answers %j', async (mode, expected) => {
  expect((await setMode(mode)).json()).toEqual({ mode })
  const event = gateway.requested()
  const { dispatchId } = event.data
  await gateway.publish(dispatch, event)
  await until(() => receiptsOf(dispatchId).length === expected.length)
  expect(receiptsOf(dispatchId)).toEqual(expected)
  const page = await authority.app.inject('/')
  expect(page.body).toContain(dispatchId)
  expect(page.headers['content-type']).toContain('text/html')
})

test('in the mode silent it books the dispatch and says nothing', async () => {
  await setMode('silent')
  const event = gateway.requested()
  await gateway.publish(dispatch, event)
  await until(async () =>
    (await cases()).some((each) => each['dispatchId'] === event.data.dispatchId),
  )
  await setMode('accept')
  const next = gateway.requested()
  await gateway.publish(dispatch, next)
  await until(() => receiptsOf(next.data.dispatchId).length === 2)
  expect(receiptsOf(event.data.dispatchId)).toEqual([])
})

test('notes what is revoked', async () => {
  await setMode('accept')
  const event = gateway.requested()
  const { dispatchId } = event.data
  await gateway.publish(dispatch, event)
  await until(() => receiptsOf(dispatchId).length === 2)
  await gateway.publish(dispatch, gateway.revoked(dispatchId))
  await until(async () =>
    (await cases()).some((each) => each['dispatchId'] === dispatchId && each['revokedAt'] !== null),
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

test('knows no other mode', async () => {
  expectProblem(await setMode('explode'), 400, 'request.invalid')
})
