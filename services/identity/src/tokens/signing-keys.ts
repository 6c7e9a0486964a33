import { importJWK } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import type { KeySource } from '@minaintyg/service'
import { keyCacheLifetime } from './signing-key-model.ts'
import { algorithm } from './signing-key-repository.ts'
import type { SigningKey, SigningKeyRepository } from './signing-key-repository.ts'

export interface SigningKeys {
  /** What signs now. */
  active(): Promise<{ kid: string; key: CryptoKey; privateJwk: JWK }>
  /** What may have signed a token that still lives, and what soon will. */
  publicJwks(): Promise<{ keys: JWK[] }>
  find: KeySource
}

interface Loaded {
  at: number
  active: { kid: string; key: CryptoKey; privateJwk: JWK }
  publicJwks: JWK[]
  publicKeys: Map<string, CryptoKey>
}

/** Milliseconds: how often it may look for an unknown one. */
const cooldown = 5_000

const importKey = async (jwk: JWK) => (await importJWK(jwk, algorithm)) as CryptoKey

/** The keys in the database, read once a minute. */
export function createSigningKeys(repository: SigningKeyRepository, now: () => Date): SigningKeys {
  let loading: Promise<Loaded> | undefined
  let loadedAt = 0

  async function load(): Promise<Loaded> {
    let keys = await repository.list()
    if (!keys.some(({ state }) => state === 'active')) {
      await repository.ensureActive(now())
      keys = await repository.list()
    }
    const active = keys.find((key): key is SigningKey & { privateJwk: JWK } => 'privateJwk' in key)
    if (active === undefined) throw new Error('There is no active signing key')
    const { kid, privateJwk } = active
    const imported = await Promise.all(
      keys.map(async (key) => [key.kid, await importKey(key.publicJwk)] as const),
    )
    return {
      at: loadedAt,
      active: { kid, key: await importKey(privateJwk), privateJwk },
      publicJwks: keys.map(({ publicJwk }) => publicJwk),
      publicKeys: new Map(imported),
    }
  }

  function loaded(maxAge = keyCacheLifetime): Promise<Loaded> {
    if (loading === undefined || now().getTime() - loadedAt > maxAge) {
      loadedAt = now().getTime()
      loading = load().catch((error: unknown) => {
        loading = undefined
        throw error
      })
    }
    return loading
  }

  return {
    active: async () => (await loaded()).active,
    publicJwks: async () => ({ keys: (await loaded()).publicJwks }),
    async find({ kid = '' }) {
      const known = (await loaded()).publicKeys.get(kid)
      const key = known ?? (await loaded(cooldown)).publicKeys.get(kid)
      if (key === undefined) throw new Error('No such key')
      return key
    },
  }
}
