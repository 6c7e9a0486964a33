import { randomUUID } from 'node:crypto'
import { jest } from '@jest/globals'
import {
  ask,
  createGatewayClient,
  createSessionWatcher,
  follow,
  items,
  logInUrl,
  logOut,
} from '@minaintyg/gateway-client'
import type { GatewayClient, ProblemError, Schemas } from '@minaintyg/gateway-client'
import { until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(180_000)

let system: RunningSystem
let client: GatewayClient
let ended: string[]
beforeAll(async () => {
  system = await startRunningSystem()
})
afterAll(() => system.stop())

/** A client whose cookie a jar keeps, as a browser's would. */
async function patient(person: string) {
  const { gateway, web } = system.addresses
  const browser = createBrowser()
  const baseUrl = `${gateway.url}/minaintyg/v1`
  const api = createPatientApi(browser, gateway.url, web.url)
  ended = []
  client = createGatewayClient({
    baseUrl,
    onSessionEnded: (code) => ended.push(code),
    async fetch(request) {
      const headers = { ...Object.fromEntries(request.headers), origin: web.url }
      const body = request.method === 'GET' ? {} : { body: await request.text() }
      const answer = await browser.ask(request.url, {
        method: request.method,
        headers,
        ...(body.body === '' ? {} : body),
      })
      const empty = answer.status === 204 || answer.status === 304
      const bytes = empty ? null : new Uint8Array(answer.bytes)
      return new Response(bytes, { status: answer.status, headers: answer.headers })
    },
  })
  await logIn({ browser, api, web: web.url, person })
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no problem',
    (error: unknown) => (error as ProblemError).code,
  )
const numberOf = (shows: RegExp) =>
  testPersons.find((person) => shows.test(JSON.stringify(person.shows)))?.number ?? ''

async function consent() {
  const { text } = await ask(client.GET('/consent'))
  await ask(client.POST('/consent', { body: { textVersion: text.version } }))
}

test('walks the whole way against the real gateway', async () => {
  await patient(testPersons[0]!.number)
  expect((await ask(client.GET('/session'))).authenticated).toBe(true)
  expect(await codeOf(ask(client.GET('/certificates')))).toBe('consent.required')
  await consent()

  const { items: list } = await ask(
    client.GET('/certificates', { params: { query: { type: ['LISJP'], status: ['notSent'] } } }),
  )
  const id = list[0]!.id
  const certificate = await ask(client.GET('/certificates/{id}', { params: { path: { id } } }))
  const [recipient] = certificate.actions.send.recipients
  const pdf: Blob = await ask(
    client.GET('/certificates/{id}/pdf', { params: { path: { id } }, parseAs: 'blob' }),
  )
  expect((await pdf.text()).slice(0, 5)).toBe('%PDF-')

  const send = () =>
    ask(
      client.POST('/certificates/{id}/dispatches', {
        params: { path: { id }, header: { 'Idempotency-Key': randomUUID() } },
        body: { recipientId: recipient!.id },
      }),
    )
  const { id: dispatchId } = await send()
  expect(await codeOf(send())).toBe('dispatch.already-sent')
  const states: Schemas['DispatchState'][] = []
  const look = () => ask(client.GET('/dispatches/{id}', { params: { path: { id: dispatchId } } }))
  for await (const { state } of follow(look, { isDone: ({ state }) => state === 'accepted' })) {
    states.push(state)
  }
  expect(states.at(-1)).toBe('accepted')

  const { erased } = await ask(client.DELETE('/consent'))
  expect(erased.certificates).not.toBe(0)
  expect(await logOut(client)).toMatch(/^http/)
  expect(await codeOf(ask(client.GET('/me')))).toMatch(/^session\./)
  expect(ended).toHaveLength(1)
})

test('gives every item of a list that has many pages, once', async () => {
  await patient(numberOf(/150/))
  await consent()
  const ids = new Set<string>()
  let count = 0
  const fetchPage = (cursor: string | undefined) =>
    ask(
      client.GET('/certificates', {
        params: { query: { limit: 40, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    )
  for await (const { id } of items(fetchPage)) {
    ids.add(id)
    count += 1
  }
  expect([count, ids.size]).toEqual([150, 150])
})

test('watches a session: asking does not extend it, and extending does', async () => {
  await patient(testPersons[1]!.number)
  await system.query(
    'identity',
    "update session set last_used_at = now() - interval '28 minutes 5 seconds'",
  )
  const told: string[] = []
  const watcher = createSessionWatcher(client, {
    onWarning: ({ canExtend }) => told.push(`warned, ${canExtend}`),
    onExtended: () => told.push('extended'),
    onExpired: () => told.push('expired'),
  })
  await until(() => told.includes('warned, true'), { timeout: 60_000 })
  await watcher.check()
  expect(told).toEqual(['warned, true'])
  await watcher.extend()
  expect(told).toEqual(['warned, true', 'extended'])
  await ask(client.POST('/auth/logout'))
  await watcher.check()
  expect(told.at(-1)).toBe('expired')
})

test('the log-in begins at the address that it gives, and refuses to return elsewhere', async () => {
  await patient(testPersons[2]!.number)
  const begin = async (url: string) => (await fetch(url, { redirect: 'manual' })).status
  expect(await begin(logInUrl(client, '/intyg?status=new'))).toBe(303)
  expect(await begin(logInUrl(client, '//elsewhere.example'))).toBe(400)
})
