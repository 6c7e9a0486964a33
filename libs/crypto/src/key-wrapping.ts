import { CryptoError } from './sealing.ts'
import type { Keyring } from './keyring.ts'

/** A data key, and what it belongs to; the same context must be given to unwrap it. */
export interface KeyToWrap {
  key: Buffer
  context: string
}
export interface WrappedKey {
  wrapped: Buffer
  context: string
}

/** Who wraps keys cannot be reached or does not answer. Says no more. */
export class KeysUnavailableError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('Keys can neither be wrapped nor unwrapped now', options)
    this.name = 'KeysUnavailableError'
  }
}

/**
 * Keeps data keys under a master key that may lie elsewhere, in a key management service: hence promises, and many keys in
 * one call. What is wrapped begins with {@link currentPrefix} of the key that wrapped it.
 */
export interface KeyWrapping {
  /** In the order given. @throws {KeysUnavailableError} */
  wrap(keys: readonly KeyToWrap[]): Promise<Buffer[]>
  /** In the order given; undefined for what cannot be opened. @throws {KeysUnavailableError} */
  unwrap(keys: readonly WrappedKey[]): Promise<(Buffer | undefined)[]>
  /** What everything begins with that the master key of today has wrapped. */
  readonly currentPrefix: Buffer
}

function openOrNone(keyring: Keyring, { wrapped, context }: WrappedKey): Buffer | undefined {
  try {
    return keyring.open(wrapped, context)
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  }
}

/** Wraps with master keys out of configuration. */
export const createKeyringWrapping = (keyring: Keyring): KeyWrapping => ({
  wrap: async (keys) => keys.map(({ key, context }) => keyring.seal(key, context)),
  unwrap: async (keys) => keys.map((each) => openOrNone(keyring, each)),
  currentPrefix: keyring.currentPrefix,
})
