import { randomUUID } from 'node:crypto'
import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'
import type { JSONWebKeySet, JWTHeaderParameters } from 'jose'
import type { Authentication } from '@minaintyg/service'

export interface TestTokens {
  /** For createServer's or a service's dependencies. */
  authentication(audience: string): Authentication
  /** The same keys for a service in another process. */
  readonly keys: JSONWebKeySet
  /** Headers of a logged-in patient. */
  patient(audience: string, patientId: string, claims?: Record<string, unknown>): Promise<Headers>
  /** Headers of a service or recipient client. */
  client(audience: string, scope: string, clientId?: string): Promise<Headers>
  /** A bare token, with whatever claims and header a test wants. */
  sign(claims: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>
}
type Headers = { authorization: string }

const issuer = 'https://identity.test'

/** Signs access tokens as identity does, with a key made for this test file. */
export async function createTestTokens(): Promise<TestTokens> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' }
  const keys = { keys: [jwk] }
  const keySet = createLocalJWKSet(keys)

  const sign: TestTokens['sign'] = (claims, header = {}) =>
    new SignJWT({ jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt', ...header })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
  const bearer = async (claims: Record<string, unknown>) => ({
    authorization: `Bearer ${await sign(claims)}`,
  })

  return {
    authentication: (audience) => ({ issuer, audience, keys: (header) => keySet(header) }),
    keys,
    patient: (audience, patientId, claims = {}) =>
      bearer({
        aud: audience,
        sub: patientId,
        client_id: 'gateway',
        scope: 'patient',
        sid: randomUUID(),
        acr: 'http://id.elegnamnden.se/loa/1.0/loa3',
        auth_time: Math.floor(Date.now() / 1000),
        ...claims,
      }),
    client: (audience, scope, clientId = 'test-client') =>
      bearer({ aud: audience, sub: clientId, client_id: clientId, scope }),
    sign,
  }
}
