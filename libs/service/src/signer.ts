import { ConfigError, parseVariable } from '@minaintyg/config'
import { CompactSign, importJWK } from 'jose'
import type { JWK } from 'jose'
import Type from 'typebox'

const PrivateKeys = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      kid: Type.String({ minLength: 1 }),
      x: Type.String(),
      d: Type.String(),
    }),
    { minItems: 1 },
  ),
})

/** Signs documents with EdDSA (Ed25519, RFC 8037). */
export interface Signer {
  /** All of them: one that has signed before is published for as long as what it signed is read. */
  readonly publicKeys: JWK[]
  /** @returns a compact JWS (RFC 7515, 3.1) that carries the bytes */
  sign(body: Uint8Array): Promise<string>
  /** @returns a detached one (RFC 7515, appendix F) over exactly these bytes */
  signDetached(body: Uint8Array): Promise<string>
}

/**
 * Reads private keys out of a variable: a JWK set as JSON, of which the first signs.
 * @param name of the variable, for what is said of it
 * @throws {ConfigError} that names the variable, never its value
 */
export async function createSigner(name: string, value: string): Promise<Signer> {
  const { keys } = parseVariable(name, value, PrivateKeys)
  const [first] = keys
  if (first === undefined) throw new ConfigError([`${name} holds no key`])
  const key = await importJWK({ ...first, alg: 'EdDSA' })
  const header = { alg: 'EdDSA', kid: first.kid }
  const sign = (body: Uint8Array) => new CompactSign(body).setProtectedHeader(header).sign(key)
  return {
    publicKeys: keys.map(({ kty, crv, kid, x }) => ({
      kty,
      crv,
      kid,
      x,
      alg: 'EdDSA',
      use: 'sig',
    })),
    sign,
    async signDetached(body) {
      const [protectedHeader = '', , signature = ''] = (await sign(body)).split('.')
      return `${protectedHeader}..${signature}`
    },
  }
}
