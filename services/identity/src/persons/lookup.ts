import { keyedHash, sha256Hex } from '@minaintyg/crypto'

/** Finds rows by values that stand there in no form that could be read. */
export interface Lookup {
  /** Tells the current key from others, and nothing else. */
  readonly keyId: string
  /** What is written. */
  hash(value: string): string
  /** What may stand there: by the current key, and by those before it. */
  hashes(value: string): string[]
}

/** @param configuration keys of 32 bytes in base64 with commas between, the current one first */
export function createLookup(configuration: string): Lookup {
  const keys = configuration.split(',').map((key) => Buffer.from(key, 'base64'))
  const [current = Buffer.alloc(0)] = keys
  return {
    keyId: sha256Hex(current).slice(0, 8),
    hash: (value) => keyedHash(current, value),
    hashes: (value) => keys.map((key) => keyedHash(key, value)),
  }
}
