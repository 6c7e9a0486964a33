import { jest } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { createTestDatabase, until } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { startServiceProcess } from './service-process.ts'
import type { ServiceProcess } from './service-process.ts'
import { createWay } from './way.ts'
import type { Way } from './way.ts'

jest.setTimeout(300_000)

const patience = { timeout: 120_000, interval: 100 }

let database: TestDatabase
let busDatabase: TestDatabase
let toDatabase: Way
let toBus: Way
let consent: ServiceProcess

const proofKey = () => ({
  ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
  kid: 'proofs',
  alg: 'EdDSA',
})

beforeAll(async () => {
  database = await createTestDatabase('consent')
  busDatabase = await createTestDatabase()
  toDatabase = await createWay(database.url)
  toBus = await createWay(busDatabase.url)
  consent = await startServiceProcess('consent', {
    DATABASE_URL: toDatabase.url,
    EVENT_BUS_DATABASE_URL: toBus.url,
    ISSUER_URL: 'http://localhost:1',
    JWKS_URL: 'http://localhost:1/jwks.json',
    PROOF_SIGNING_KEYS: JSON.stringify({ keys: [proofKey()] }),
    SHUTDOWN_NOTICE: '0',
  })
})
afterAll(async () => {
  consent.kill()
  await consent.ended
  toDatabase.cut()
  toBus.cut()
  await database.drop()
  await busDatabase.drop()
})

const missing = async () => {
  const { status, body } = await consent.probe('/readyz')
  return status === 200 ? [] : (body.missing ?? ['no answer'])
}
const untilMissing = (names: string[]) =>
  until(async () => JSON.stringify(await missing()) === JSON.stringify(names), patience)

describe('a service', () => {
  test('starts before its database and its broker', async () => {
    await untilMissing(['database', 'migrations', 'broker'])
    expect((await consent.probe('/livez')).status).toBe(200)
  })

  test('becomes ready as they come', async () => {
    await toDatabase.open()
    await untilMissing(['broker'])
    await toBus.open()
    await untilMissing([])
  })

  test('is not ready while its database is away, and lives', async () => {
    toDatabase.cut()
    await untilMissing(['database'])
    expect((await consent.probe('/livez')).status).toBe(200)
    await toDatabase.open()
    await untilMissing([])
  })

  test('answers on while its broker is away: its routes need none', async () => {
    toBus.cut()
    await until(
      () => consent.lines.some((line) => line.includes('pg-boss') || line.includes('event bus')),
      patience,
    )
    expect(await missing()).toEqual([])
    await toBus.open()
  })

  test('ends with 0 when it is told to, also with everything away', async () => {
    toDatabase.cut()
    toBus.cut()
    expect(await consent.stop()).toEqual({ code: 0, signal: null })
  })
})

test('a database that lacks a migration keeps a service from being ready', async () => {
  const empty = await createTestDatabase()
  const early = await startServiceProcess('consent', {
    DATABASE_URL: empty.url,
    EVENT_BUS_DATABASE_URL: busDatabase.url,
    ISSUER_URL: 'http://localhost:1',
    JWKS_URL: 'http://localhost:1/jwks.json',
    PROOF_SIGNING_KEYS: JSON.stringify({ keys: [proofKey()] }),
    SHUTDOWN_NOTICE: '0',
  })
  try {
    await until(async () => {
      const { body } = await early.probe('/readyz')
      return JSON.stringify(body.missing) === JSON.stringify(['migrations'])
    }, patience)
  } finally {
    await early.stop()
    await empty.drop()
  }
})
