import { execFileSync } from 'node:child_process'
import { createServer as createPlainServer, get } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { createLogger, createServer } from '@minaintyg/service'
import { createLogSink, createTestDatabase, createTestTokens, planted } from '@minaintyg/testing'

/** What tests do wrong, in one file: run by scan.test.ts, which says in which ways, and with what. */
const wanted = (process.env['LEAKS'] ?? '').split(',')
const leaked = process.env['LEAKED'] ?? ''

async function inject(headers: Record<string, string>, url = '/x') {
  const app = await createServer({ name: 'x', logLevel: 'silent' })
  await app.inject({ url, headers })
  await app.close()
}

async function store(type: string, value: unknown, table = 'thing') {
  const database = await createTestDatabase()
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`create table ${table} (value ${type})`)
  await client.query(`insert into ${table} values ($1)`, [value])
  await client.end()
  await database.drop()
}

async function withServer(run: (port: number) => Promise<unknown>) {
  const server = createPlainServer((_request, response) => response.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await run((server.address() as AddressInfo).port)
  server.closeAllConnections()
  server.close()
}
const send = (path: string, options: RequestInit = {}) =>
  withServer((port) => fetch(`http://127.0.0.1:${port}/${path}`, options))

const inChild = async (code: string) => execFileSync(process.execPath, ['-e', code])
const tokenOf = async (claims: object) => (await createTestTokens()).sign({ ...claims })

/** Each is given what it lets out, with its own name before it. */
const ways: Record<string, (value: string) => Promise<unknown>> = {
  'injected-address': (value) => inject({}, `/people/${value}`),
  'injected-token': async (value) =>
    inject({ authorization: `Bearer ${await tokenOf({ who: value })}` }),
  'address-that-is-asked': (value) => send(`?q=${value}`),
  'address-in-percent': (value) => send(`?q=${value.replaceAll('1', '%31')}`),
  'address-of-a-plain-request': (value) =>
    withServer((port) => once(get({ port, path: `/${value}` }), 'response')),
  'header-that-is-sent': (value) => send('', { headers: { 'x-who': value } }),
  'assertion-in-a-form': async (value) =>
    send('', {
      method: 'POST',
      body: new URLSearchParams({ client_assertion: await tokenOf({ sub: value }) }),
    }),
  'planted-address': (value) => inject({}, `/people/${planted(value)}`),
  'planted-and-stored': async (value) => store('text', planted(value)),
  'log-line': async (value) => {
    createLogger({ name: 'x', destination: createLogSink().destination }).info({ who: value }, 'x')
  },
  'quiet-log-line': async (value) => {
    createLogger({ name: 'x', level: 'silent' }).debug({ who: value }, 'x')
  },
  'text-column': (value) => store('text', value),
  'JSON-column': (value) => store('jsonb', JSON.stringify({ a: [value] })),
  'column-of-bytes': (value) => store('bytea', Buffer.from(`\xff${value}\0`, 'latin1')),
  'column-of-a-list': (value) => store('text[]', [value]),
  'event-that-is-stored': (value) => store('jsonb', JSON.stringify({ data: value }), 'outbox'),
  'output-of-a-child': (value) => inChild(`console.log('${value}')`),
  'address-that-a-child-asks': (value) =>
    inChild(`fetch('http://127.0.0.1:65000/${value}').catch(() => 0)`),
  'body-that-is-not-looked-at': (value) => send('', { method: 'POST', body: value }),
}

test.each(wanted)('%s', async (way) => {
  await ways[way]!(`${way}_${leaked}`)
})
