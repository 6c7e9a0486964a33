import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'jose'
import type { Worker } from '@minaintyg/service'
import { createLogSink, createTestDatabase, createTestTokens } from '@minaintyg/testing'
import { buildIdentityService } from '../src/app.ts'
import type { IdentityConfig, IdentityDeps } from '../src/app.ts'

const callbackUrl = 'http://localhost:1/minaintyg/v1/auth/callback'
const base64Key = () => randomBytes(32).toString('base64')

export async function createPrivateJwk(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }
}

export function toPublicJwk({ d: _private, ...jwk }: JWK): JWK {
  return jwk
}

/** A clock that can be put forward. */
export function createClock() {
  let offset = 0
  return {
    now: () => new Date(Date.now() + offset),
    forward: (milliseconds: number) => void (offset += milliseconds),
    reset: () => void (offset = 0),
  }
}

export function identityConfig(
  url: string,
  providerIssuer: string,
  relyingPartyKey: JWK,
  overrides: Partial<IdentityConfig> = {},
): IdentityConfig {
  return {
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'info',
    DATABASE_URL: url,
    ISSUER_URL: 'https://identity.test',
    CLIENTS: '[]',
    PERSON_NUMBER_KEYS: `p1:${base64Key()}`,
    PERSON_LOOKUP_KEY: base64Key(),
    SECRET_KEYS: `s1:${base64Key()}`,
    SIGNING_KEY_DAYS: 30,
    PROVIDER_ISSUER: providerIssuer,
    PROVIDER_SIGNING_ALG: 'ES256',
    PROVIDER_DEADLINE: 2,
    LOG_IN_DEADLINE: 8,
    RELYING_PARTY_ID: 'mina-intyg',
    RELYING_PARTY_KEY: JSON.stringify(relyingPartyKey),
    CALLBACK_URL: callbackUrl,
    POST_LOGOUT_URL: 'http://localhost:1/',
    PROTECTED_IDENTITY_CLAIM: 'https://minaintyg.se/claim/protectedIdentity',
    ...overrides,
  }
}

export type IdentityUnderTest = Awaited<ReturnType<typeof createIdentityUnderTest>>

export async function runWorker(workers: readonly Worker[], name: string): Promise<void> {
  const worker = workers.find((each) => each.name === name) as Worker & { run(): Promise<void> }
  await worker.run()
}

/** The service on a database of its own, and a gateway's way of calling it. */
export async function createIdentityUnderTest(
  providerIssuer: string,
  relyingPartyKey: JWK,
  overrides: Partial<IdentityConfig> = {},
) {
  const database = await createTestDatabase('identity')
  const tokens = await createTestTokens()
  const log = createLogSink()
  const clock = createClock()
  const config = identityConfig(database.url, providerIssuer, relyingPartyKey, overrides)
  const build = (deps: IdentityDeps = {}, changes: Partial<IdentityConfig> = {}) =>
    buildIdentityService(
      { ...config, ...changes },
      { now: clock.now, logDestination: log.destination, ...deps },
    )
  const { app, workers } = await build()
  // Callers' tokens come from the test; those of the service itself from its own keys.
  const { app: forCallers } = await build({ keys: tokens.authentication('identity').keys })

  const post = async (url: string, payload: object, scope = 'sessions', clientId = 'gateway') =>
    forCallers.inject({
      method: 'POST',
      url,
      payload,
      headers: await tokens.client('identity', scope, clientId),
    })

  /** As the owner of the tables, who may more than the service. */
  async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
    const client = new pg.Client({ connectionString: database.ownerUrl })
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  return {
    app,
    config,
    build,
    query,
    /** One round of a worker, now. */
    run: (name: string, of = workers) => runWorker(of, name),
    forCallers,
    tokens,
    log,
    clock,
    database,
    post,
    async close() {
      await app.close()
      await forCallers.close()
      await database.drop()
    },
  }
}
