export { createKeyring } from './keyring.ts'
export type { Keyring } from './keyring.ts'
export { newDataKey, open, seal, CryptoError } from './sealing.ts'
export { keyedHash, sha256Hex, randomToken } from './hashing.ts'
