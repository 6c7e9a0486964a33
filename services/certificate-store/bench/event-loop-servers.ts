import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { CertificateList } from '@minaintyg/contracts'
import { createTestTokens } from '@minaintyg/testing'
import Fastify from 'fastify'
import { buildCertificateStoreService } from '../src/app.ts'
import { answerOf, personNumber } from './answers.ts'
import { silentBus } from './servers.ts'

export interface Started {
  url: string
  stop: () => Promise<void>
}

/** A journal with so many certificates of everyone. */
export async function startJournal(options: {
  certificates: number
  bytesOfEach: number
}): Promise<Started> {
  const full = answerOf(options.certificates, options)
  const empty = answerOf(0)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const archived = Buffer.concat(chunks).includes('>true</l:arkiverade>')
      response.writeHead(200, { 'content-type': 'text/xml' }).end(archived ? empty : full)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const nowhere = 'http://127.0.0.1:1'

function configOf({ database, journal }: { database: string; journal: string }) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const clientKey = { ...privateKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' }
  return {
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'error',
    DATABASE_URL: database,
    ISSUER_URL: 'https://identity.test',
    JWKS_URL: nowhere,
    IDENTITY_URL: nowhere,
    CONSENT_URL: nowhere,
    CLIENT_KEY: JSON.stringify(clientKey),
    MASTER_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    ACCESS_LOG_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    IDENTIFIER_KEY: randomBytes(32).toString('base64'),
    PUSH_HOST: '127.0.0.1',
    PUSH_GRACE: 0,
    JOURNALS: JSON.stringify([
      {
        id: 'one',
        name: 'One',
        endpoint: journal,
        logicalAddress: 'SE-1',
        contractVersion: 4,
        deadline: 30_000,
      },
    ]),
    FRESHNESS: 60_000,
  }
}

/**
 * The service, and how long its event loop was held while new patients opened their lists: GET /?patients=n answers with
 * the longest hold and how long all of it took, in milliseconds.
 */
export async function startStore(options: { database: string; journal: string }): Promise<Started> {
  const tokens = await createTestTokens()
  const { app } = await buildCertificateStoreService(configOf(options), {
    authentication: tokens.authentication('certificate-store'),
    bus: silentBus,
    requireConsent: async () => undefined,
    lookUpNumbers: async () => [personNumber],
  })
  await app.ready()
  const delay = monitorEventLoopDelay({ resolution: 1 })

  async function openList(): Promise<void> {
    const headers = await tokens.patient('certificate-store', randomUUID())
    const answer = await app.inject({ url: '/certificates', headers })
    const { total, sources } = answer.json<CertificateList>()
    if (sources[0]?.state !== 'ok' || total === 0) throw new Error('The journal was not read')
  }

  const door = Fastify({ logger: false })
  door.get<{ Querystring: { patients: string } }>('/', async ({ query }) => {
    delay.reset()
    delay.enable()
    const began = performance.now()
    await Promise.all(Array.from({ length: Number(query.patients) }, openList))
    const whole = performance.now() - began
    delay.disable()
    return { longestHold: delay.max / 1e6, whole }
  })
  const url = await door.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    stop: async () => {
      await door.close()
      await app.close()
    },
  }
}
