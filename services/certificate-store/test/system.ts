import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { createKeyring } from '@minaintyg/crypto'
import type { Certificate } from '@minaintyg/certificate-model'
import type { CertificateList } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import type { EventBus, MessageHandler, OutgoingMessage } from '@minaintyg/messaging'
import { createLogSink, createTestDatabase, createTestTokens } from '@minaintyg/testing'
import { buildJournals } from '../../../deploy/local/src/journal/index.ts'
import type { Mode } from '../../../deploy/local/src/journal/index.ts'
import { buildCertificateStoreService, certificateStoreErrors } from '../src/app.ts'
import type { CertificateStoreConfig, CertificateStoreDeps } from '../src/app.ts'
import { watchStatements } from './owned-statements.ts'

export const numbers = {
  tolvan: '191212121212',
  employed: '198503179809',
  replaced: '197908239820',
  driver: '196201059810',
  none: '200311019889',
  many: '199106309835',
} as const

export const accessLogKey = `a1:${randomBytes(32).toString('base64')}`
export const masterKey = `k1:${randomBytes(32).toString('base64')}`
const identifierKey = randomBytes(32).toString('base64')
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const clientKey = JSON.stringify({
  ...privateKey.export({ format: 'jwk' }),
  kid: 'k',
  alg: 'ES256',
})
export const openMasterKeys = () => createKeyring(masterKey)

/** A bus in memory: keeps what is published, and lets a test deliver what it likes. */
function createMemoryBus() {
  const published: OutgoingMessage[] = []
  const handlers = new Map<string, MessageHandler>()
  const bus: EventBus = {
    publish: async (message) => void published.push(message),
    subscribe: async ({ queue }, handler) => {
      handlers.set(queue, handler)
      return { stop: async () => undefined }
    },
    depthOf: async () => ({ messages: 0, consumers: undefined }),
    state: () => 'ready',
    onStateChange: () => () => undefined,
    close: async () => undefined,
  }
  async function deliver(type: string, data: object, id: string = randomUUID()) {
    const event = {
      specversion: '1.0',
      id,
      type,
      source: '/minaintyg/test',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    }
    const handler = handlers.get(`certificate-store.${type}`)
    if (handler === undefined) throw new Error(`nobody listens to ${type}`)
    await handler({
      queue: '',
      exchange: '',
      routingKey: type,
      id,
      body: Buffer.from(JSON.stringify(event)),
      headers: {},
      redelivered: false,
      attempt: 1,
      properties: { userId: undefined },
    })
  }
  return { bus, published, deliver }
}

async function startJournals() {
  const journals = await buildJournals({ logLevel: 'silent' })
  await journals.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = journals.app.server.address() as AddressInfo
  return { journals, url: `http://127.0.0.1:${port}` }
}

/** The service on a database of its own, before two real journals. */
export async function startSystem(
  options: {
    config?: Partial<CertificateStoreConfig>
    deps?: CertificateStoreDeps
    deadline?: number
  } = {},
) {
  const database = await createTestDatabase('certificate-store')
  const tokens = await createTestTokens()
  const { journals, url } = await startJournals()
  const sources = journals
    .sources(url)
    .map((source) => ({ ...source, deadline: options.deadline ?? 3_000 }))
  const patients = new Map<string, string>()
  const earlier = new Map<string, string[]>()
  const consents = new Map<string, 'given' | 'withdrawn' | 'unknown'>()
  const clock = { offset: 0 }
  const memory = createMemoryBus()
  const log = createLogSink()
  // As the owner of the tables, who may more than the service.
  const rows = new pg.Client({ connectionString: database.ownerUrl })
  await rows.connect()
  const statements = watchStatements()
  const service = await buildCertificateStoreService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'info',
      DATABASE_URL: database.url,
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: 'http://127.0.0.1:1/jwks',
      IDENTITY_URL: 'http://127.0.0.1:1',
      CONSENT_URL: 'http://127.0.0.1:1',
      CLIENT_KEY: clientKey,
      MASTER_KEYS: masterKey,
      ACCESS_LOG_KEYS: accessLogKey,
      IDENTIFIER_KEY: identifierKey,
      JOURNALS: JSON.stringify(sources),
      FRESHNESS: 60_000,
      ...options.config,
    },
    {
      authentication: tokens.authentication('certificate-store'),
      bus: memory.bus,
      now: () => new Date(Date.now() + clock.offset),
      requireConsent: async (patientId) => {
        const state = consents.get(patientId)
        if (state === 'unknown') throw new AppError(certificateStoreErrors.consentUnavailable)
        if (state !== 'given') throw new AppError(certificateStoreErrors.consentRequired)
      },
      lookUpNumbers: async (patientId) => [
        patients.get(patientId) ?? '',
        ...(earlier.get(patientId) ?? []),
      ],
      findPatient: async (number) => [...patients].findLast(([, own]) => own === number)?.[0],
      logDestination: log.destination,
      ...options.deps,
    },
  )
  for (const worker of service.workers) if (worker !== service.relay) await worker.start()

  return {
    ...memory,
    service,
    databaseUrl: database.url,
    tokens,
    journals,
    rows,
    log,
    consents,
    /** Numbers that a patient had before. */
    earlier,
    sources,
    /** Moves the service's clock. */
    passTime: (milliseconds: number) => void (clock.offset += milliseconds),
    tell: (mode: Mode, { source = 'region-norr', delay = 0 } = {}) => {
      Object.assign(journals.journals.find(({ id }) => id === source)!.behaviour, { mode, delay })
    },

    /** Someone logged in who has given consent. */
    async logIn(number: string = numbers.tolvan, state: 'given' | 'withdrawn' = 'given') {
      const id = randomUUID()
      patients.set(id, number)
      consents.set(id, state)
      const headers = await tokens.patient('certificate-store', id)
      const call = (
        method: 'GET' | 'PUT' | 'DELETE' | 'POST',
        target: string,
        more: Record<string, string> = {},
      ) => service.app.inject({ method, url: target, headers: { ...headers, ...more } })
      return {
        id,
        headers,
        get: (target: string, more?: Record<string, string>) => call('GET', target, more),
        put: (target: string) => call('PUT', target),
        delete: (target: string) => call('DELETE', target),
        post: (target: string) => call('POST', target),
        list: async (query = '') =>
          (await call('GET', `/certificates${query}`)).json<CertificateList>(),
        read: async (id: string) => (await call('GET', `/certificates/${id}`)).json<Certificate>(),
      }
    },

    /** Fails where the service has read or changed a patient's rows without saying whose. */
    async stop() {
      await service.app.close()
      await journals.app.close()
      statements.stop()
      const unowned = await statements.unowned(rows)
      await rows.end()
      await database.drop()
      expect(unowned).toEqual([])
    },
  }
}
export type System = Awaited<ReturnType<typeof startSystem>>
