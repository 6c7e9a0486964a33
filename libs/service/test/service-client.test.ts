import type { AddressInfo } from 'node:net'
import { AppError } from '@minaintyg/errors'
import { continueTrace, createServer, createServiceClient } from '@minaintyg/service'
import type { Server, ServiceClient } from '@minaintyg/service'

let neighbour: Server
let client: ServiceClient
const seen: Record<string, unknown>[] = []
/** Connections break before this call. */
let answersFrom = 1
beforeEach(() => {
  seen.length = 0
  answersFrom = 1
})

beforeAll(async () => {
  neighbour = await createServer({ name: 'neighbour', logLevel: 'silent' })
  const open = { config: { access: 'open' } } as const
  neighbour.get('/echo', open, async ({ headers, query, trace }) => {
    seen.push({ ...headers, query, deadline: trace.deadline })
    return { fine: true }
  })
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
    neighbour.route({
      method,
      url: '/breaking',
      ...open,
      handler: async (request, reply) => {
        seen.push({ method })
        if (seen.length < answersFrom) {
          request.raw.socket.destroy()
          return reply.hijack()
        }
        return { fine: true }
      },
    })
  }
  neighbour.get('/gone', open, async () => {
    const definition = { code: 'thing.gone', status: 410, title: 'It is gone' }
    throw new AppError(definition, { detail: 'Since Monday.', extensions: { since: '2026-11-16' } })
  })
  neighbour.get('/bug', open, async () => {
    throw new Error('a bug')
  })
  neighbour.get('/unauthorised', { config: { access: 'open' } }, async () => {
    throw new AppError({ code: 'token.invalid', status: 401, title: 'No' })
  })
  neighbour.get('/slow', open, () => new Promise(() => undefined))
  neighbour.get('/large', open, async () => 'x'.repeat(10_000))
  neighbour.get('/text', open, async () => 'no JSON')
  await neighbour.listen({ host: '127.0.0.1', port: 0 })
  const { port } = neighbour.server.address() as AddressInfo
  client = createServiceClient({
    name: 'neighbour',
    baseUrl: `http://127.0.0.1:${port}`,
    deadline: 300,
    maxResponseSize: 5_000,
  })
})
afterAll(async () => {
  await client.close()
  neighbour.server.closeAllConnections()
  await neighbour.close()
})

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof AppError ? { code: error.code, status: error.definition.status } : error
}

test('sends the token, the trace and repeated query parameters', async () => {
  const trace = continueTrace(undefined)
  const query = { type: ['A', 'B'], none: undefined, limit: 5 }
  await client.json({ path: '/echo', token: 't', trace, query })
  expect(seen.at(-1)).toMatchObject({
    authorization: 'Bearer t',
    traceparent: trace.traceparent,
    query: { type: ['A', 'B'], limit: '5' },
  })
})

test('passes a neighbour’s problem on with its code, detail and extensions', async () => {
  const error = await client.json({ path: '/gone' }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    definition: { code: 'thing.gone', status: 410, title: 'It is gone' },
    extras: { detail: 'Since Monday.', extensions: { since: '2026-11-16' } },
  })
})

test.each(['/bug', '/unauthorised', '/slow', '/large', '/text'])(
  'says that the neighbour is unavailable after %s',
  async (path) => {
    expect(await codeOf(client.json({ path }))).toEqual({
      code: 'neighbour.unavailable',
      status: 503,
    })
  },
)

test('says that a neighbour that is not there is unavailable', async () => {
  const nobody = createServiceClient({ name: 'nobody', baseUrl: 'http://127.0.0.1:1' })
  expect(await codeOf(nobody.request({ path: '/' }))).toMatchObject({ code: 'nobody.unavailable' })
  await nobody.close()
})

describe('deadlines', () => {
  const within = (milliseconds: number) => ({
    ...continueTrace(undefined),
    deadline: performance.now() + milliseconds,
  })
  const budgetSent = () => Number(seen.at(-1)?.['x-request-budget'])

  test('the neighbour hears how long it is waited for, and waits no longer for others', async () => {
    await client.json({ path: '/echo' })
    expect(budgetSent()).toBe(300)
    const deadline = seen.at(-1)?.['deadline'] as number
    expect(deadline).toBeLessThanOrEqual(performance.now() + 300)
  })

  test('what is left of the caller’s time bounds a call, and never lengthens it', async () => {
    await client.json({ path: '/echo', trace: within(250), deadline: 100_000 })
    expect(budgetSent()).toBeLessThanOrEqual(250)
    await client.json({ path: '/echo', trace: within(100_000) })
    expect(budgetSent()).toBe(300)
    const slow = client.json({ path: '/slow', trace: within(50), deadline: 600_000 })
    expect(await codeOf(slow)).toMatchObject({ code: 'neighbour.unavailable' })
  })

  test('nobody is asked when nobody waits any more', async () => {
    const late = client.json({ path: '/echo', trace: within(-1) })
    expect(await codeOf(late)).toMatchObject({ code: 'neighbour.unavailable', status: 503 })
    expect(seen).toEqual([])
  })

  test.each(['-5', '1e9', 'soon', '5, 6', '9999999'])(
    'a budget of «%s» is none',
    async (budget) => {
      const headers = { 'x-request-budget': budget }
      await client.json({ path: '/echo', headers })
      expect(seen.at(-1)?.['deadline']).toBeUndefined()
    },
  )
})

describe('a connection that breaks', () => {
  test('has a GET asked once more', async () => {
    answersFrom = 2
    expect(await client.json({ path: '/breaking' })).toEqual({ fine: true })
    expect(seen).toHaveLength(2)
  })

  test('and not a third time', async () => {
    answersFrom = Infinity
    const asked = client.json({ path: '/breaking' })
    expect(await codeOf(asked)).toMatchObject({ code: 'neighbour.unavailable' })
    expect(seen).toHaveLength(2)
  })

  test.each(['POST', 'PUT', 'DELETE'] as const)('has no %s asked again', async (method) => {
    answersFrom = 2
    const asked = client.json({ method, path: '/breaking' })
    expect(await codeOf(asked)).toMatchObject({ code: 'neighbour.unavailable' })
    expect(seen).toEqual([{ method }])
  })
})

test('more calls than may wait are refused at once', async () => {
  const { port } = neighbour.server.address() as AddressInfo
  const narrow = createServiceClient({
    name: 'neighbour',
    baseUrl: `http://127.0.0.1:${port}`,
    deadline: 60_000,
    connections: 1,
    queue: 1,
  })
  const waiting = [1, 2].map(() => codeOf(narrow.request({ path: '/slow', deadline: 2_000 })))
  expect(await codeOf(narrow.request({ path: '/echo' }))).toMatchObject({ status: 503 })
  expect(seen).toEqual([])
  await Promise.all(waiting)
  expect(await narrow.json({ path: '/echo' })).toEqual({ fine: true })
  await narrow.close()
})
