import { expectProblem } from '@minaintyg/testing'
import { startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'

let limited: TestGateway
afterEach(() => limited.close())

const as = (number: number) => ({
  headers: { cookie: `minaintyg-session=${'a'.repeat(20)}${number}` },
})
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
const statusOf = async (...about: Parameters<TestGateway['ask']>) =>
  (await limited.ask(...about)).statusCode

test('count by session, and say how much is left', async () => {
  limited = await startTestGateway({ RATE_LIMIT_SESSION: '3' })
  for (const left of ['2', '1', '0']) {
    const { statusCode, headers } = await limited.asPatient('GET', '/session')
    expect([statusCode, headers['ratelimit-remaining']]).toEqual([200, left])
    expect(headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-reset': '60' })
  }
  const answer = await limited.asPatient('GET', '/session')
  expectProblem(answer, 429, 'request.too-many')
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  expect(answer.headers['ratelimit-remaining']).toBe('0')
  expect(await statusOf('GET', '/session')).toBe(200)
})

test('tell of the limit that is nearer, whichever it is', async () => {
  limited = await startTestGateway({ RATE_LIMIT_SESSION: '9', RATE_LIMIT_ADDRESS: '2' })
  const { headers } = await limited.asPatient('GET', '/session')
  expect(headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' })
})

test('count by address, which no change of cookie, path or method evades', async () => {
  limited = await startTestGateway({ RATE_LIMIT_ADDRESS: '3' })
  for (let call = 0; call < 3; call += 1) await limited.ask('GET', '/session', as(call))
  expectProblem(await limited.ask('GET', '/session', as(9)), 429, 'request.too-many')
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['GET', '!/'],
    ['GET', '!/minaintyg/v1%2fsession'],
    ['OPTIONS', '/session'],
    ['GET', '/auth/login?returnTo=/'],
    ['POST', '/browser-reports'],
  ] as const) {
    expectProblem(await limited.ask(method, path), 429, 'request.too-many')
  }
})

test('keep apart what machines present a key for, and let probes be', async () => {
  limited = await startTestGateway({ RATE_LIMIT_ADDRESS: '1', RATE_LIMIT_MACHINES: '2' })
  expect([await statusOf('GET', '/session'), await statusOf('GET', '/session')]).toEqual([200, 429])
  for (const status of [401, 401, 429]) {
    expect(await statusOf('GET', '/recipient/dispatches')).toBe(status)
  }
  expect(await statusOf('GET', '!/livez')).toBe(200)
})

test('take a client’s whole IPv6 network for one address', async () => {
  limited = await startTestGateway({ RATE_LIMIT_ADDRESS: '2', TRUSTED_PROXIES: '127.0.0.1' })
  const network = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:db8:1:2:a:b:c:d']
  const statuses = []
  for (const each of network) statuses.push(await statusOf('GET', '/session', from(each)))
  expect(statuses).toEqual([200, 200, 429])
  expect(await statusOf('GET', '/session', from('2001:db8:1:3::1'))).toBe(200)
})

test('believe the address that a trusted proxy names, and nobody else', async () => {
  limited = await startTestGateway({ RATE_LIMIT_ADDRESS: '1' })
  expect(await statusOf('GET', '/session', from('192.0.2.1'))).toBe(200)
  expect(await statusOf('GET', '/session', from('192.0.2.2'))).toBe(429)
  await limited.close()

  limited = await startTestGateway({ RATE_LIMIT_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.0/8' })
  expect(await statusOf('GET', '/session', from('192.0.2.1'))).toBe(200)
  expect(await statusOf('GET', '/session', from('192.0.2.2'))).toBe(200)
  // What a client itself writes stands before what the proxy adds.
  expect(await statusOf('GET', '/session', from('192.0.2.9, 192.0.2.2'))).toBe(429)
})

test('are divided between replicas, each of which counts for itself', async () => {
  const variables = { RATE_LIMIT_SESSION: '4', RATE_LIMIT_REPLICAS: '2' }
  limited = await startTestGateway(variables)
  const other = await startTestGateway(variables)
  try {
    for (const replica of [limited, other]) {
      const statuses = []
      for (let call = 0; call < 3; call += 1) {
        statuses.push((await replica.asPatient('GET', '/session')).statusCode)
      }
      expect(statuses).toEqual([200, 200, 429])
    }
  } finally {
    await other.close()
  }
})

test('take few reports from one browser', async () => {
  limited = await startTestGateway()
  const report = () =>
    statusOf('POST', '/browser-reports', {
      headers: { 'content-type': 'application/csp-report' },
      payload: '{}',
    })
  for (let call = 0; call < 60; call += 1) expect(await report()).toBe(204)
  expect(await report()).toBe(429)
  expect(await statusOf('GET', '/session')).toBe(200)
})
