import { setImmediate as later } from 'node:timers/promises'
import Type from 'typebox'
import { createServer } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { createLogSink } from '@minaintyg/testing'
import { activeTraceparent, contextOf, registry, runIn } from '@minaintyg/telemetry'

const sink = createLogSink()
const open = { access: 'open' } as const
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`
let app: Server

beforeAll(async () => {
  app = await createServer({ name: 'things', logDestination: sink.destination })
  const body = Type.Object({ name: Type.String() })
  app.post('/things/:id', { config: open, schema: { body } }, async (request) => {
    request.log.info('of the request')
    await later()
    app.log.info('of the server, while the request is under way')
    return { active: activeTraceparent(), own: request.trace.traceparent }
  })
  app.get('/bug', { config: open }, async () => {
    await later()
    throw new Error('broken')
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())
beforeEach(() => (sink.lines.length = 0))

const url = () => app.listeningOrigin
const post = (body: string) =>
  fetch(`${url()}/things/4711`, {
    method: 'POST',
    headers: { traceparent, 'content-type': 'application/json' },
    body,
  })

describe('every line of a request says which trace it belongs to', () => {
  test('also after its body was read and it has waited', async () => {
    const answer = (await (await post('{"name":"a"}')).json()) as { active: string; own: string }
    expect(answer.active).toBe(answer.own)
    const entries = sink.entries()
    expect(entries.map(({ msg }) => msg)).toEqual([
      'of the request',
      'of the server, while the request is under way',
      'request',
    ])
    expect(entries.map((entry) => entry['traceId'])).toEqual([traceId, traceId, traceId])
  })

  test('where it fails', async () => {
    await fetch(`${url()}/bug`, { headers: { traceparent } })
    expect(sink.entries().map(({ level }) => level)).toContain('error')
    for (const entry of sink.entries()) expect(entry['traceId']).toBe(traceId)
  })

  test('where it is refused before it is read', async () => {
    await post('{"name":')
    await fetch(`${url()}/nothing`, { headers: { traceparent } })
    expect(sink.entries()).toHaveLength(2)
    for (const entry of sink.entries()) expect(entry['traceId']).toBe(traceId)
  })
})

test('a trace that cannot be read is begun anew', async () => {
  const answer = await fetch(`${url()}/livez`, { headers: { traceparent: 'nonsense' } })
  expect(answer.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})

test('outside of a request there is no trace, and inside of an event there is its own', () => {
  expect(activeTraceparent()).toBeUndefined()
  expect(runIn(contextOf(traceparent), activeTraceparent)).toBe(traceparent)
})

test('requests are counted by the template of their route, whatever their address was', async () => {
  await post('{"name":"a"}')
  await fetch(`${url()}/nothing/somebody`)
  await fetch(`${url()}/readyz`)
  const text = await registry.metrics()
  expect(text).toContain(
    'minaintyg_http_requests_total{component="things",method="POST",route="/things/:id",status="200"}',
  )
  expect(text).toContain('component="things",method="any",route="none",status="404"')
  expect(text).not.toContain('4711')
  expect(text).not.toContain('somebody')
  expect(text).not.toContain('readyz')
})
