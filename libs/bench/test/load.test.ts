import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadAtRate } from '../src/load-at-rate.ts'
import { load } from '../src/load.ts'

const status = { now: 200 }
const seen: string[] = []
const sockets = new Set<unknown>()
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url} ${String(request.headers['x-id'])}`)
  sockets.add(request.socket)
  response.writeHead(status.now).end('answer')
})
let url: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

test('asks over kept-alive connections, each request made anew, and counts whole answers', async () => {
  let made = 0
  const vary = () => ({ headers: { 'x-id': String((made += 1)) } })
  const requests = [
    { path: '/a', vary },
    { method: 'POST' as const, path: '/b', vary },
  ]
  const outcome = await load({ url, requests, connections: 3, duration: 100 })
  expect(sockets.size).toBe(3)
  expect(outcome.requests).toBe(seen.length)
  expect(new Set(seen).size).toBe(seen.length)
  expect(new Set(seen.map((line) => line.split(' ', 2).join(' ')))).toEqual(
    new Set(['GET /a', 'POST /b']),
  )
  expect(outcome.p50).toBeGreaterThan(0)
  expect(outcome.p99).toBeGreaterThanOrEqual(outcome.p50)
})

test('an answer with another status ends it: fast failures are no throughput', async () => {
  status.now = 503
  const asking = load({ url, requests: [{ path: '/a' }], connections: 1, duration: 60_000 })
  await expect(asking).rejects.toThrow('/a answered 503: answer')
})

test('at a constant rate the next is asked also while none has been answered', async () => {
  const waiting: ServerResponse[] = []
  const patient = createServer((_request, response) => {
    waiting.push(response)
    if (waiting.length === 5) for (const each of waiting) each.end('answer')
  })
  await new Promise<void>((resolve) => patient.listen(0, '127.0.0.1', resolve))
  const { port } = patient.address() as AddressInfo
  const outcome = await loadAtRate({
    url: `http://127.0.0.1:${port}`,
    request: { path: '/' },
    perSecond: 100,
    duration: 50,
  })
  expect(outcome.requests).toBe(5)
  expect(outcome.p95).toBeGreaterThan(0)
  await new Promise((resolve) => patient.close(resolve))
})
