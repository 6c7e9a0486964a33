import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import type { JWK } from 'jose'
import { audiences, scopes } from '@minaintyg/contracts'
import { createCredentials } from '@minaintyg/service'
import { clientKey } from '../../src/clients.ts'
import { publicApi } from '../../src/environments.ts'
import { openSecrets } from '../../src/secrets.ts'
import { createBrowser } from '../../src/walk/browser.ts'
import { logIn } from '../../src/walk/log-in.ts'
import { createPatientApi } from '../../src/walk/patient-api.ts'
import type { PatientApi } from '../../src/walk/patient-api.ts'
import type { RunningSystem } from '../running-system.ts'

/** Headers that say who calls. */
export type Caller = Record<string, string>

export interface Patient {
  api: PatientApi
  caller: Caller
  json: <Body>(path: string) => Promise<Body>
}

/** Someone who has just logged in. */
export async function logInAs({ addresses }: RunningSystem, person: string): Promise<Patient> {
  const browser = createBrowser()
  const { gateway, web } = addresses
  const api = createPatientApi(browser, gateway.url, web.url)
  await logIn({ browser, api, web: web.url, person })
  const session = await browser.cookie(gateway.url, 'minaintyg-session')
  return {
    api,
    caller: { cookie: `minaintyg-session=${session}`, origin: web.url },
    json: async (path) => JSON.parse((await api.get(path)).text),
  }
}

export async function consent({ api, json }: Patient): Promise<string> {
  const { text } = await json<{ text: { version: string } }>('/consent')
  await api.send('POST', '/consent', { textVersion: text.version })
  return text.version
}

/** Sends what can be sent to Försäkringskassan, until one has gone. @returns the dispatch */
export async function sendOne({ api, json }: Patient): Promise<string> {
  const { items } = await json<{ items: { id: string }[] }>('/certificates?limit=100&type=LISJP')
  for (const { id } of items) {
    const body = { recipientId: 'FKASSA' }
    const headers = { 'idempotency-key': randomUUID() }
    const answer = await api.send('POST', `/certificates/${id}/dispatches`, body, headers)
    if (answer.status === 202) return (JSON.parse(answer.text) as { id: string }).id
  }
  throw new Error('No certificate could be sent')
}

type RecipientId = 'forsakringskassan' | 'transportstyrelsen'

/** What a recipient sends to /oauth/token. */
export async function tokenRequest(system: RunningSystem, clientId: RecipientId): Promise<string> {
  const key: JWK = await clientKey(await openSecrets(system.settings.stateDir), clientId)
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({
      alg: key.alg ?? 'ES256',
      ...(key.kid === undefined ? {} : { kid: key.kid }),
    })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(publicApi(system.addresses))
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(await importJWK(key, key.alg ?? 'ES256'))
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    scope: scopes.recipient,
    resource: `urn:minaintyg:${audiences.dispatch}`,
  }).toString()
}

/** A recipient, whose token is asked for anew as it runs out. */
export async function createRecipient(system: RunningSystem, clientId: RecipientId) {
  const credentials = createCredentials({
    identityUrl: system.addresses.identity.url,
    issuer: publicApi(system.addresses),
    clientId,
    clientKey: await clientKey(await openSecrets(system.settings.stateDir), clientId),
  })
  return {
    caller: async (): Promise<Caller> => ({
      authorization: `Bearer ${await credentials.serviceToken(audiences.dispatch, scopes.recipient)}`,
    }),
    close: () => credentials.close(),
  }
}
