import type { AddressInfo } from 'node:net'
import { AppError } from '@minaintyg/errors'
import { continueTrace, createServer, createServiceClient } from '@minaintyg/service'
import type { Server, ServiceClient } from '@minaintyg/service'

let neighbour: Server
let client: ServiceClient
const seen: Record<string, unknown>[] = []

beforeAll(async () => {
  neighbour = await createServer({ name: 'neighbour', logLevel: 'silent' })
  const open = { config: { access: 'open' } } as const
  neighbour.get('/echo', open, async ({ headers, query }) => {
    seen.push({ ...headers, query })
    return { fine: true }
  })
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
