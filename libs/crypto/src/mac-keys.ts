import { createHmac, createSecretKey } from 'node:crypto'
import { parseKeys } from './key-list.ts'

/** Keys by id that authenticate data: the first makes new codes, all of them check old ones. */
export interface MacKeys {
  /** The key that makes new codes. */
  readonly currentId: string
  /** HMAC-SHA-256 (RFC 2104); undefined where there is no such key. */
  mac(keyId: string, data: string): Buffer | undefined
}

/** As {@link createKeyring} reads them. */
export function createMacKeys(configuration: string): MacKeys {
  const parsed = [...parseKeys(configuration)]
  // Node prepares bytes for every call anew.
  const keys = new Map(parsed.map(([id, key]) => [id, createSecretKey(key)]))
  const [currentId = ''] = keys.keys()
  return {
    currentId,
    mac(keyId, data) {
      const key = keys.get(keyId)
      return key && createHmac('sha256', key).update(data, 'utf8').digest()
    },
  }
}
