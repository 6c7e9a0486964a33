import { randomUUID } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { decodeJwt } from 'jose'
import { audiences, scopes } from '@minaintyg/contracts'
import type { Audience } from '@minaintyg/contracts'
import { createCredentials } from '@minaintyg/service'
import type { Credentials } from '@minaintyg/service'
import { until } from '@minaintyg/testing'
import { clientKey } from '../src/clients.ts'
import type { ClientId } from '../src/clients.ts'
import { publicApi } from '../src/environments.ts'
import { openSecrets } from '../src/secrets.ts'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(120_000)

const [owner, stranger] = testPersons.map(({ number }) => number) as [string, string]
let system: RunningSystem
let api: PatientApi
/** Of the owner. */
const ids = { certificate: '', dispatch: '', session: '' }
type Kind = keyof typeof ids
const tokens = {} as Record<Audience, string>
const credentials = {} as Record<ClientId, Credentials>

/** A patient who has consented; with what their browser keeps. */
async function logInAs(person: string) {
  const browser = createBrowser()
  const { gateway, web } = system.addresses
  const patient = createPatientApi(browser, gateway.url, web.url)
  await logIn({ browser, api: patient, web: web.url, person })
  const { text } = JSON.parse((await patient.get('/consent')).text)
  await patient.send('POST', '/consent', { textVersion: text.version })
  return { patient, session: await browser.cookie(gateway.url, 'minaintyg-session') }
}

async function sendOne(patient: PatientApi): Promise<void> {
  const list = JSON.parse((await patient.get('/certificates?limit=100&type=LISJP')).text)
  for (const { id } of list.items) {
    const answer = await patient.send(
      'POST',
      `/certificates/${id}/dispatches`,
      { recipientId: 'FKASSA' },
      { 'idempotency-key': randomUUID() },
    )
    if (answer.status !== 202) continue
    ids.certificate = id
    ids.dispatch = JSON.parse(answer.text).id
    return
  }
  throw new Error('No certificate of the owner could be sent')
}

/** The stranger's tokens for the services behind, as the gateway asks for them. */
async function askForTokens(session: string): Promise<void> {
  const secrets = await openSecrets(system.settings.stateDir)
  for (const clientId of ['gateway', 'dispatch', 'transportstyrelsen'] as const) {
    credentials[clientId] = createCredentials({
      identityUrl: system.addresses.identity.url,
      issuer: publicApi(system.addresses),
      clientId,
      clientKey: await clientKey(secrets, clientId),
    })
  }
  const serviceToken = await credentials.gateway.serviceToken(audiences.identity, scopes.sessions)
  for (const audience of ['identity', 'certificate-store', 'rendering', 'dispatch'] as const) {
    const answer = await fetch(`${system.addresses.identity.url}/session-tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ session, audience }),
    })
    tokens[audience] = ((await answer.json()) as { accessToken: string }).accessToken
  }
}

beforeAll(async () => {
  system = await startRunningSystem()
  const { patient } = await logInAs(owner)
  await sendOne(patient)
  const { items } = JSON.parse((await patient.get('/sessions')).text)
  ids.session = items[0].id
  const other = await logInAs(stranger)
  api = other.patient
  await askForTokens(other.session)
})
afterAll(async () => {
  await Promise.all(Object.values(credentials).map((each) => each.close()))
  await system.stop()
})

interface Answer {
  status: number
  headers: Headers
  text: string
}
const plain = async (url: string, options: RequestInit): Promise<Answer> => {
  const answer = await fetch(url, options)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const oneRequest = new Set([
  'date',
  'traceparent',
  'ratelimit',
  'ratelimit-remaining',
  'ratelimit-reset',
])
/** All that an answer tells but what names this one request. */
function told({ status, headers, text }: Answer) {
  const { instance, traceId, ...body } = JSON.parse(text)
  expect([instance, traceId]).not.toContain(undefined)
  return { status, headers: [...headers].filter(([name]) => !oneRequest.has(name)), body }
}

/** Where the refusal of the request with this trace stands, for whoever operates the services. */
async function refusalsOf(traceId: string): Promise<string[]> {
  const found: string[] = []
  for (const [database, table, where] of [
    ['identity', 'audit_event', "event = 'access-refused'"],
    ['dispatch', 'audit_event', "event = 'access-refused'"],
    ['certificate_store', 'access_log', "outcome = 'refused' and owner_id is not null"],
  ] as const) {
    const rows = await system.query(
      database,
      `select 1 from ${table} where trace_id = $1 and ${where}`,
      [traceId],
    )
    if (rows.length > 0) found.push(database)
  }
  return found
}

async function expectAsUnknown(kind: Kind, code: string, ask: (id: string) => Promise<Answer>) {
  const others = await ask(ids[kind])
  expect([others.status, JSON.parse(others.text).code]).toEqual([404, code])
  expect(told(others)).toEqual(told(await ask(randomUUID())))
  const { traceId } = JSON.parse(others.text)
  await until(async () => (await refusalsOf(traceId)).length > 0)
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const codes = {
  certificate: 'certificate.not-found',
  dispatch: 'dispatch.not-found',
  session: 'session.not-found',
}

const patientOperations: [Method, string, Kind][] = [
  ['GET', '/certificates/{id}', 'certificate'],
  ['GET', '/certificates/{id}/pdf', 'certificate'],
  ['POST', '/certificates/{id}/download-link', 'certificate'],
  ['PUT', '/certificates/{id}/archived', 'certificate'],
  ['DELETE', '/certificates/{id}/archived', 'certificate'],
  ['GET', '/certificates/{id}/recipients', 'certificate'],
  ['POST', '/certificates/{id}/dispatches', 'certificate'],
  ['GET', '/dispatches/{id}', 'dispatch'],
  ['DELETE', '/dispatches/{id}', 'dispatch'],
  ['DELETE', '/sessions/{id}', 'session'],
]
const recipientOperations: [Method, string, Kind][] = [
  ['GET', '/recipient/dispatches/{id}/document', 'dispatch'],
  ['POST', '/recipient/dispatches/{id}/receipts', 'dispatch'],
]
/** What stands in the address is no id that anyone asks as themselves: a code, a secret of single use, one on a paper. */
const otherOperations = ['GET /problems/{code}', 'GET /downloads/{grant}', 'GET /verify/{id}']

const payloadOf = (path: string) =>
  path.endsWith('/dispatches') ? { recipientId: 'FKASSA' } : undefined
const receipt = () =>
  JSON.stringify({ id: randomUUID(), kind: 'received', at: new Date().toISOString() })

describe('another’s id at the public API is as one that never was, and on record', () => {
  test('for every operation that takes one', async () => {
    const { paths } = JSON.parse((await api.get('/openapi.json')).text)
    const operations = Object.entries(paths as Record<string, object>)
      .filter(([path]) => path.includes('{'))
      .flatMap(([path, methods]) =>
        Object.keys(methods)
          .filter((name) => /^(get|post|put|delete|patch)$/.test(name))
          .map((method) => `${method.toUpperCase()} ${path.replace('/minaintyg/v1', '')}`),
      )
    const inTable = [...patientOperations, ...recipientOperations].map(
      ([method, path]) => `${method} ${path}`,
    )
    expect(operations.toSorted()).toEqual([...inTable, ...otherOperations].toSorted())
  })

  test.each(patientOperations)('%s %s', async (method, path, kind) => {
    await expectAsUnknown(kind, codes[kind], (id) => {
      const address = path.replace('{id}', id)
      return method === 'GET'
        ? api.get(address)
        : api.send(method, address, payloadOf(path), { 'idempotency-key': randomUUID() })
    })
  })

  test.each(recipientOperations)('%s %s, of another recipient', async (method, path, kind) => {
    const token = await credentials.transportstyrelsen.serviceToken(
      audiences.dispatch,
      scopes.recipient,
    )
    await expectAsUnknown(kind, codes[kind], (id) =>
      plain(api.url(path.replace('{id}', id)), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        ...(method === 'POST' ? { body: receipt() } : {}),
      }),
    )
  })
})

type Inner = 'identity' | 'certificateStore' | 'rendering' | 'dispatch'
const innerRoutes: [Inner, Method, string, Kind][] = [
  ['certificateStore', 'GET', '/certificates/:id', 'certificate'],
  ['certificateStore', 'GET', '/certificates/:id/copy-permission', 'certificate'],
  ['certificateStore', 'GET', '/certificates/:id/send-facts', 'certificate'],
  ['certificateStore', 'GET', '/certificates/:id/copy', 'certificate'],
  ['certificateStore', 'PUT', '/certificates/:id/archived', 'certificate'],
  ['certificateStore', 'DELETE', '/certificates/:id/archived', 'certificate'],
  ['certificateStore', 'GET', '/patients/:patientId/certificates/:id/document', 'certificate'],
  ['rendering', 'GET', '/certificates/:id/pdf', 'certificate'],
  ['dispatch', 'POST', '/certificates/:id/dispatches', 'certificate'],
  ['dispatch', 'GET', '/certificates/:id/recipients', 'certificate'],
  ['dispatch', 'GET', '/dispatches/:id', 'dispatch'],
  ['dispatch', 'DELETE', '/dispatches/:id', 'dispatch'],
  ['identity', 'DELETE', '/sessions/:sessionId', 'session'],
]
/** Asked by services for any patient, with a scope of their own; and those of recipients, who are above. */
const forServices = [
  'consent /patients/:patientId/consent-state',
  'identity /patients/:patientId/number',
  'dispatch /recipient/dispatches/:id/document',
  'dispatch /recipient/dispatches/:id/receipts',
]
const audienceOf: Record<Inner, Audience> = {
  identity: 'identity',
  certificateStore: 'certificate-store',
  rendering: 'rendering',
  dispatch: 'dispatch',
}

async function routesInSources(): Promise<string[]> {
  const services = join(import.meta.dirname, '../../../services')
  const found = new Set<string>()
  for (const service of Object.values({ ...audienceOf, consent: 'consent' })) {
    const files = await readdir(join(services, service, 'src'), { recursive: true })
    for (const file of files.filter((name) => name.endsWith('-routes.ts'))) {
      const text = await readFile(join(services, service, 'src', file), 'utf8')
      for (const [, path] of text.matchAll(/'(\/[^' ]*:[a-zA-Z]+[^' ]*)'/g)) {
        found.add(`${service} ${path ?? ''}`)
      }
    }
  }
  return [...found]
}

describe('another patient’s id at the services themselves is as one that never was, and on record', () => {
  test('for every route that takes one', async () => {
    const inTable = innerRoutes.map(([service, , path]) => `${audienceOf[service]} ${path}`)
    const known = new Set([...inTable, ...forServices])
    expect((await routesInSources()).toSorted()).toEqual([...known].toSorted())
  })

  test.each(innerRoutes)('%s: %s %s', async (service, method, path, kind) => {
    const isOfDispatch = path.includes(':patientId')
    const token = isOfDispatch
      ? await credentials.dispatch.serviceToken(audiences.certificateStore, scopes.documents)
      : tokens[audienceOf[service]]
    const query = isOfDispatch
      ? `?recipient=FKASSA&dispatch=${randomUUID()}`
      : path.endsWith('/copy')
        ? '?purpose=save'
        : ''
    const payload = payloadOf(path)
    await expectAsUnknown(kind, codes[kind], (id) => {
      const patientId = String(decodeJwt(tokens.identity).sub)
      const address = path.replace(':patientId', patientId).replace(/:(id|sessionId)/, id)
      return plain(`${system.addresses[service].url}${address}${query}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'idempotency-key': randomUUID(),
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
      })
    })
  })
})
