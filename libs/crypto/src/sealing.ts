import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16
const options = { authTagLength: tagLength }

/** Sealed bytes that cannot be opened: another key, another context, or changed. Says no more. */
export class CryptoError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('Sealed data cannot be opened', options)
    this.name = 'CryptoError'
  }
}

/** A fresh 256-bit key. */
export const newDataKey = (): Buffer => randomBytes(32)

const prepared = new WeakMap<Buffer, KeyObject>()

/** Node prepares bytes for every call anew, which takes it three times as long as to open a line with them. */
function prepare(key: Buffer): KeyObject {
  const known = prepared.get(key)
  if (known !== undefined) return known
  const made = createSecretKey(key)
  prepared.set(key, made)
  return made
}

/**
 * AES-256-GCM (NIST SP 800-38D): nonce, tag and ciphertext in one buffer.
 * @param context what the data belongs to, such as a row's id; the same must be given to open it
 */
export function seal(key: Buffer, plaintext: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv(algorithm, prepare(key), nonce, options)
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext])
}

/** Opens what {@link seal} made. @throws {CryptoError} */
export function open(key: Buffer, sealed: Buffer, context: string): Buffer {
  try {
    const nonce = sealed.subarray(0, nonceLength)
    const decipher = createDecipheriv(algorithm, prepare(key), nonce, options)
    decipher.setAAD(Buffer.from(context, 'utf8'))
    decipher.setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength))
    const plaintext = decipher.update(sealed.subarray(nonceLength + tagLength))
    // Throws where the tag is another; a stream cipher has nothing left to give.
    decipher.final()
    return plaintext
  } catch (cause) {
    throw new CryptoError({ cause })
  }
}
