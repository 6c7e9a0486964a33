import { CryptoError, open, seal } from './sealing.ts'

/** Master keys by id; the first seals, all of them open, so that keys rotate without downtime. */
export interface Keyring {
  /** Result starts with the key's id. */
  seal(plaintext: Uint8Array, context: string): Buffer
  /** @throws {CryptoError} */
  open(sealed: Buffer, context: string): Buffer
  /** Whether it was sealed by the key that seals today. */
  isCurrent(sealed: Buffer): boolean
}

const keyPattern = /^([a-zA-Z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/

/**
 * A keyring out of configuration: `id:key` pairs with commas between, each key 32 bytes in base64, the one in use first.
 * @throws {Error} that names the entry's position, never the key
 */
export function createKeyring(configuration: string): Keyring {
  const keys = new Map(
    configuration.split(',').map((entry, index) => {
      const [, id, key] = keyPattern.exec(entry.trim()) ?? []
      if (id === undefined || key === undefined) {
        throw new Error(`Key ${index + 1} is not of the form id:base64 of 32 bytes`)
      }
      return [id, Buffer.from(key, 'base64')] as const
    }),
  )
  const [currentId = '', currentKey = Buffer.alloc(0)] = [...keys][0] ?? []
  const idOf = (sealed: Buffer) => sealed.subarray(1, 1 + (sealed[0] ?? 0)).toString('latin1')
  return {
    seal(plaintext, context) {
      const id = Buffer.from(currentId, 'latin1')
      return Buffer.concat([Buffer.from([id.length]), id, seal(currentKey, plaintext, context)])
    },
    open(sealed, context) {
      const id = idOf(sealed)
      const key = keys.get(id)
      if (key === undefined) throw new CryptoError()
      return open(key, sealed.subarray(1 + id.length), context)
    },
    isCurrent: (sealed) => idOf(sealed) === currentId,
  }
}
