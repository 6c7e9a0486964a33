import { randomUUID } from 'node:crypto'
import { createDatabase } from '@minaintyg/db'
import { UnroutableError } from '@minaintyg/messaging'
import type { EventBus, OutgoingMessage } from '@minaintyg/messaging'
import { createTestDatabase, createTestTokens } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import { exportJWK, generateKeyPair } from 'jose'
import pg from 'pg'
import { buildDispatchService } from '../src/app.ts'
import type { DispatchConfig, DispatchDeps } from '../src/app.ts'
import type { Database } from '../src/database.ts'
import { createTestCredentials, startNeighbours } from './neighbours.ts'
import type { Neighbours, TestCertificate } from './neighbours.ts'

export const publicUrl = 'http://localhost:8080/minaintyg/v1'

export async function newSigningKeys(kid = 'events-1'): Promise<string> {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  return JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid }] })
}

export async function testConfig(
  databaseUrl: string,
  neighbours: Neighbours,
  overrides: Partial<DispatchConfig> = {},
): Promise<DispatchConfig> {
  return {
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
    ISSUER_URL: 'https://identity.test',
    JWKS_URL: 'https://identity.test/jwks',
    IDENTITY_URL: 'https://identity.test',
    CLIENT_KEY: '{}',
    PUBLIC_URL: publicUrl,
    EVENT_SIGNING_KEYS: await newSigningKeys(),
    ...neighbours.urls,
    ...overrides,
  }
}

/** A bus that keeps what it is given, and can be told to wait or to have no route. */
export function createRecordingBus() {
  const published: OutgoingMessage[] = []
  const control: { fail?: Error | undefined; hold?: Promise<void> | undefined } = {}
  const bus: EventBus = {
    async publish(message) {
      await control.hold
      if (control.fail !== undefined) throw control.fail
      published.push(message)
    },
    subscribe: async () => ({ stop: async () => undefined }),
    depthOf: async () => ({ messages: 0, consumers: undefined }),
    state: () => 'ready',
    onStateChange: () => () => undefined,
    close: async () => undefined,
  }
  return {
    bus,
    published,
    control,
    unroutable: () => new UnroutableError('minaintyg.dispatch', 'FKASSA'),
    to: (exchange: string) => published.filter((message) => message.exchange === exchange),
    of: (dispatchId: string) =>
      published
        .filter(({ exchange }) => exchange === 'minaintyg.dispatch')
        .map(({ body }) => JSON.parse(body.toString()))
        .filter(({ data }) => data.dispatchId === dispatchId),
  }
}

/** Calls of one patient and of recipients, over the real routes. */
function createCalls(
  service: Awaited<ReturnType<typeof buildDispatchService>>,
  tokens: TestTokens,
) {
  const { app } = service
  const asPatient = (patientId: string) => tokens.patient('dispatch', patientId)
  const asRecipient = (clientId = 'forsakringskassan') =>
    tokens.client('dispatch', 'recipient', clientId)
  return {
    asPatient,
    asRecipient,
    async send(
      { id, patientId }: TestCertificate,
      { key = randomUUID(), recipientId = 'FKASSA', headers = {} } = {},
    ) {
      return app.inject({
        method: 'POST',
        url: `/certificates/${id}/dispatches`,
        headers: { ...(await asPatient(patientId)), 'idempotency-key': key, ...headers },
        payload: { recipientId },
      })
    },
    async patient(
      patientId: string,
      method: 'GET' | 'POST' | 'DELETE',
      url: string,
      headers: Record<string, string> = {},
    ) {
      return app.inject({ method, url, headers: { ...(await asPatient(patientId)), ...headers } })
    },
    async recipient(
      method: 'GET' | 'HEAD' | 'POST',
      url: string,
      options: { clientId?: string; headers?: Record<string, string>; payload?: object } = {},
    ) {
      const { clientId, headers = {}, payload } = options
      return app.inject({
        method,
        url,
        headers: { ...(await asRecipient(clientId)), ...headers },
        ...(payload === undefined ? {} : { payload }),
      })
    },
    receipt(
      dispatchId: string,
      kind: string,
      more: Record<string, unknown> = {},
      clientId?: string,
    ) {
      return this.recipient('POST', `/recipient/dispatches/${dispatchId}/receipts`, {
        ...(clientId === undefined ? {} : { clientId }),
        payload: { id: randomUUID(), kind, at: new Date().toISOString(), ...more },
      })
    },
    async stateOf({ patientId }: TestCertificate, dispatchId: string): Promise<string> {
      const answer = await app.inject({
        url: `/dispatches/${dispatchId}`,
        headers: await asPatient(patientId),
      })
      return String(answer.json().state)
    },
  }
}

/** The service with loopback neighbours and a database of its own. */
export async function startDispatch(
  given: { deps?: DispatchDeps; config?: Partial<DispatchConfig>; tokens?: TestTokens } = {},
) {
  const database = await createTestDatabase('dispatch')
  const { tokens = await createTestTokens() } = given
  const neighbours = await startNeighbours(tokens)
  const recording = createRecordingBus()
  const config = await testConfig(database.url, neighbours, given.config)
  const build = () =>
    buildDispatchService(config, {
      authentication: tokens.authentication('dispatch'),
      credentials: createTestCredentials(tokens),
      bus: recording.bus,
      ...given.deps,
    })
  const service = await build()
  const db = createDatabase<Database>({ url: database.url, poolSize: 2 })
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  return {
    service,
    db,
    /** As the owner of the tables, who sees all of them. */
    owner,
    /** Whose the tables are: for what the service itself may not do. */
    ownerUrl: database.ownerUrl,
    /** As the service logs in. */
    serviceUrl: database.url,
    tokens,
    neighbours,
    recording,
    /** Another process of the service, on the same database and bus. */
    startReplica: build,
    calls: createCalls(service, tokens),
    async stop() {
      await service.app.close()
      await neighbours.stop()
      await db.destroy()
      await owner.end()
      await database.drop()
    },
  }
}
export type StartedDispatch = Awaited<ReturnType<typeof startDispatch>>
