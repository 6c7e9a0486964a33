import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ask, createGatewayClient, isPassing, isSessionEnded, logInUrl } from '../src/index.ts'
import type { GatewayClientOptions, ProblemError } from '../src/index.ts'

let server: Server
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
let answer: (response: ServerResponse) => void
let baseUrl: string

beforeEach(async () => {
  seen = []
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      seen.push({ method, url, headers, body })
      answer(response)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/minaintyg/v1`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const client = (options: Partial<GatewayClientOptions> = {}) =>
  createGatewayClient({ baseUrl, ...options })
const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  answer = (response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
  }
}
const problem = (code: string, status: number) => ({
  type: `/problems/${code}`,
  title: 'A title',
  status,
  detail: 'What to do',
  instance: 'urn:uuid:3c0c1e52-0b1a-4a6e-9a3e-5d2f0f3b7c11',
  code,
  traceId: '0af7651916cd43dd8448eb211c80319c',
})
const failure = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('It should have failed')
    },
    (error: unknown) => error as ProblemError,
  )

test('a question has the language and no header of changes', async () => {
  json(200, { items: [] })
  await ask(
    client({ language: () => 'en' }).GET('/certificates', {
      params: { query: { type: ['LISJP', 'AG7804'], status: ['new'] } },
    }),
  )
  expect(seen[0]).toMatchObject({
    method: 'GET',
    url: '/minaintyg/v1/certificates?type=LISJP&type=AG7804&status=new',
    headers: { 'accept-language': 'en' },
  })
  expect(seen[0]?.headers).not.toHaveProperty('x-requested-with')
})

test('a change has the header that no form can send, and JSON only where there is a body', async () => {
  json(200, {})
  await ask(client().POST('/consent', { body: { textVersion: '1.0' } }))
  await ask(client().DELETE('/consent'))
  expect(seen[0]).toMatchObject({
    headers: { 'x-requested-with': 'mina-intyg', 'content-type': 'application/json' },
    body: '{"textVersion":"1.0"}',
  })
  expect(seen[1]).toMatchObject({ method: 'DELETE', headers: { 'x-requested-with': 'mina-intyg' } })
  expect(seen[1]?.headers).not.toHaveProperty('content-type')
})

test('a problem is thrown with its code, what to quote, and how long to wait', async () => {
  json(429, problem('request.too-many', 429), { 'retry-after': '7' })
  const error = await failure(ask(client().GET('/me')))
  expect(error).toMatchObject({
    name: 'ProblemError',
    code: 'request.too-many',
    status: 429,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    retryAfter: 7,
  })
  expect(isPassing(error)).toBe(true)
  expect(isSessionEnded(error)).toBe(false)
})

test('the problems of an operation are a union that one switches on', async () => {
  json(409, problem('certificate.replaced', 409))
  const { error } = await client().POST('/certificates/{id}/dispatches', {
    params: {
      path: { id: '6c2ee8a4-8e5b-4f0c-9d0a-7b1f1f6a3c55' },
      header: { 'Idempotency-Key': 'a' },
    },
    body: { recipientId: 'FKASSA' },
  })
  // @ts-expect-error a code that this operation does not answer
  const isOfAnother = error?.code === 'pdf.hide-not-offered'
  expect({ isReplaced: error?.code === 'certificate.replaced', isOfAnother }).toEqual({
    isReplaced: true,
    isOfAnother: false,
  })
})

test.each(['session.required', 'session.expired'] as const)(
  '%s is told to the front end, and once',
  async (code) => {
    const told: string[] = []
    json(401, problem(code, 401))
    const error = await failure(
      ask(client({ onSessionEnded: (each) => told.push(each) }).GET('/me')),
    )
    expect(isSessionEnded(error)).toBe(true)
    expect(told).toEqual([code])
  },
)

test('a refused token of a machine is no end of a session', async () => {
  const told: string[] = []
  json(401, problem('token.invalid', 401))
  await failure(ask(client({ onSessionEnded: (each) => told.push(each) }).GET('/me')))
  expect(told).toEqual([])
})

test('an answer that the API did not give is unreadable', async () => {
  answer = (response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
  }
  expect(await failure(ask(client().GET('/me')))).toMatchObject({
    code: 'answer.unreadable',
    status: 502,
  })
})

test('nobody at the address, and an answer that takes too long, are the network’s fault', async () => {
  answer = () => undefined
  const late = await failure(ask(client({ deadline: 50 }).GET('/me')))
  const nowhere = createGatewayClient({ baseUrl: 'http://127.0.0.1:1/minaintyg/v1' })
  expect([late.code, (await failure(ask(nowhere.GET('/me')))).code]).toEqual([
    'network.unavailable',
    'network.unavailable',
  ])
})

test('a call that was taken back is no problem to tell a patient', async () => {
  answer = () => undefined
  const ending = new AbortController()
  const call = failure(ask(client().GET('/me', { signal: ending.signal })))
  ending.abort()
  expect((await call).name).toBe('AbortError')
})

test('the log-in comes back to where the patient was', () => {
  expect(logInUrl(client(), '/intyg?status=new')).toBe(
    `${baseUrl}/auth/login?returnTo=%2Fintyg%3Fstatus%3Dnew`,
  )
})
