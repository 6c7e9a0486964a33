import { CompactSign, importJWK } from 'jose'
import type { JWK } from 'jose'

/** Signs events: a detached JWS (RFC 7515, appendix F) over the exact bytes, EdDSA with Ed25519. */
export async function createEventSigner(keys: readonly JWK[]) {
  const [first] = keys
  if (first?.kid === undefined) throw new Error('There is no key to sign events with')
  const key = await importJWK({ ...first, alg: 'EdDSA' })
  const header = { alg: 'EdDSA', kid: first.kid }
  return {
    /** Keys that have signed before stay here for as long as their events are read. */
    publicKeys: keys.map(({ kty, crv, kid, x }) => ({
      kty,
      crv,
      kid,
      x,
      alg: 'EdDSA',
      use: 'sig',
    })),
    async sign(body: Buffer): Promise<string> {
      const jws = await new CompactSign(body).setProtectedHeader(header).sign(key)
      const [protectedHeader, , signature] = jws.split('.')
      return `${protectedHeader ?? ''}..${signature ?? ''}`
    },
  }
}
export type EventSigner = Awaited<ReturnType<typeof createEventSigner>>
