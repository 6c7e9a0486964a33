import { jest } from '@jest/globals'
import { createGatewayClient, createSessionWatcher } from '../src/index.ts'
import type { SessionWatcher } from '../src/index.ts'

interface State {
  authenticated: boolean
  secondsUntilExpire: number | null
  absoluteExpiry: string | null
}

const start = Date.parse('2026-11-03T08:00:00Z')
const lasting = '2026-11-03T16:00:00Z'
let told: string[]
let asked: string[]
let state: State | 'away'
let watcher: SessionWatcher

beforeEach(() => {
  jest.useFakeTimers({ now: start, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  told = []
  asked = []
})
afterEach(() => {
  watcher.stop()
  jest.useRealTimers()
})

const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' },
  })

async function fetchState({ method, url }: Request): Promise<Response> {
  asked.push(`${method} ${new URL(url).pathname}`)
  if (state === 'away') return answer(503, { code: 'identity.unavailable', status: 503 })
  if (method === 'POST' && !state.authenticated) {
    return answer(401, { code: 'session.expired', status: 401 })
  }
  if (method === 'POST') state = { ...state, secondsUntilExpire: 1_800 }
  return answer(200, state)
}

function watch(first: State): SessionWatcher {
  state = first
  watcher = createSessionWatcher(
    // A deadline that fake time cannot reach.
    createGatewayClient({ baseUrl: 'http://gateway.test/v1', fetch: fetchState }),
    {
      onWarning: ({ endsAt, canExtend }) => {
        told.push(`warned, ends ${endsAt.toISOString()}${canExtend ? '' : ' for good'}`)
      },
      onExtended: () => told.push('extended'),
      onExpired: () => told.push('expired'),
    },
  )
  return watcher
}

/** Lets what is under way come to its end: fetches are promises, and no timers. */
const settle = async () => {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve))
}
async function pass(seconds: number) {
  await settle()
  jest.advanceTimersByTime(seconds * 1_000)
  await settle()
}
const idle = (secondsUntilExpire: number): State => ({
  authenticated: true,
  secondsUntilExpire,
  absoluteExpiry: lasting,
})

test('warns two minutes before the end, and not before', async () => {
  watch(idle(1_800))
  await pass(1_679)
  expect(told).toEqual([])
  state = idle(119)
  await pass(2)
  expect(told).toEqual(['warned, ends 2026-11-03T08:30:00.000Z'])
})

test('a session that was used meanwhile is not warned about', async () => {
  watch(idle(1_800))
  await settle()
  state = idle(1_700)
  await pass(1_681)
  expect(told).toEqual([])
  expect(asked).toHaveLength(2)
})

test('asking extends nothing; the patient’s answer does', async () => {
  const { extend } = watch(idle(60))
  await settle()
  expect(asked).toEqual(['GET /v1/session'])
  await extend()
  expect(asked.at(-1)).toBe('POST /v1/session/extend')
  expect(told).toEqual(['warned, ends 2026-11-03T08:01:00.000Z', 'extended'])
})

test('a warning goes when the session is extended in another window', async () => {
  watch(idle(60))
  await settle()
  state = idle(1_800)
  await pass(15)
  expect(told.at(-1)).toBe('extended')
})

test('says when it has ended, and asks no more', async () => {
  watch(idle(60))
  await settle()
  state = { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }
  await pass(15)
  await pass(3_600)
  expect(told.slice(1)).toEqual(['expired'])
  expect(asked).toHaveLength(2)
})

test('an answer that comes too late to extend is the end', async () => {
  const { extend } = watch(idle(60))
  await settle()
  state = { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }
  await extend()
  expect(told.at(-1)).toBe('expired')
})

test('the longest time that a session lasts cannot be extended', async () => {
  watch({ authenticated: true, secondsUntilExpire: 60, absoluteExpiry: '2026-11-03T08:01:00Z' })
  await settle()
  expect(told).toEqual(['warned, ends 2026-11-03T08:01:00.000Z for good'])
})

test('a gateway that cannot be asked has ended nothing, and is asked again', async () => {
  watch(idle(1_800))
  await settle()
  state = 'away'
  await watcher.check()
  expect(told).toEqual([])
  state = idle(90)
  await pass(15)
  expect(told).toHaveLength(1)
})

test('a watcher that was stopped tells nothing', async () => {
  watch(idle(60))
  watcher.stop()
  await settle()
  expect(told).toEqual([])
})
