// A private key as a JWK on standard output, its public half on standard error: node deploy/make-key.mjs ES256|EdDSA
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'

const makers = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}
const [alg = ''] = process.argv.slice(2)
const make = makers[alg]
if (make === undefined) {
  process.stderr.write(`usage: node deploy/make-key.mjs ${Object.keys(makers).join('|')}\n`)
  process.exit(2)
}
const { privateKey } = make()
const publicKey = createPublicKey(privateKey).export({ format: 'jwk' })
// RFC 7638: members that are required, in the order of their names.
const { crv, kty, x, y } = publicKey
const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y }))
const named = { kid: thumbprint.digest('base64url'), alg, use: 'sig' }
process.stderr.write(`${JSON.stringify({ ...publicKey, ...named })}\n`)
process.stdout.write(`${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...named })}\n`)
