import { parseKeys } from './key-list.ts'
import { CryptoError, open, seal } from './sealing.ts'

/** Master keys by id; the first seals, all of them open, so that keys rotate without downtime. */
export interface Keyring {
  /** Result starts with the key's id. */
  seal(plaintext: Uint8Array, context: string): Buffer
  /** @throws {CryptoError} */
  open(sealed: Buffer, context: string): Buffer
  /** Whether it was sealed by the key that seals today. */
  isCurrent(sealed: Buffer): boolean
  /** What everything begins with that the key of today has sealed: to find the rest in a table. */
  readonly currentPrefix: Buffer
}

/**
 * A keyring out of configuration: `id:key` pairs with commas between, each key 32 bytes in base64, the one in use first.
 * @throws {Error} that names the entry's position, never the key
 */
export function createKeyring(configuration: string): Keyring {
  const keys = parseKeys(configuration)
  const [currentId = '', currentKey = Buffer.alloc(0)] = [...keys][0] ?? []
  const currentPrefix = Buffer.concat([
    Buffer.from([currentId.length]),
    Buffer.from(currentId, 'latin1'),
  ])
  const idOf = (sealed: Buffer) => sealed.subarray(1, 1 + (sealed[0] ?? 0)).toString('latin1')
  return {
    seal(plaintext, context) {
      return Buffer.concat([currentPrefix, seal(currentKey, plaintext, context)])
    },
    open(sealed, context) {
      const id = idOf(sealed)
      const key = keys.get(id)
      if (key === undefined) throw new CryptoError()
      return open(key, sealed.subarray(1 + id.length), context)
    },
    isCurrent: (sealed) => idOf(sealed) === currentId,
    currentPrefix,
  }
}
