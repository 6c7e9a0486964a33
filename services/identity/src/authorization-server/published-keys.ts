import { compactVerify, createRemoteJWKSet, errors } from 'jose'
import type { CryptoKey } from 'jose'
import type { RegisteredClient } from './clients.ts'

/** Milliseconds that a key which a client publishes no more is accepted at most. */
const lifetime = 60_000
/** Milliseconds. */
const cooldown = 1_000

/** @throws where none of the keys that the client publishes now has signed the assertion */
export type RequireCurrentKey = (clientId: string, assertion: string) => Promise<void>

/** Without kid, any key of several may be the one. */
const holdsBy = (key: CryptoKey, assertion: string) =>
  compactVerify(assertion, key).then(
    () => true,
    () => false,
  )

/**
 * Of assertions that oidc-provider has verified: it reads a client's keys anew only when one fails,
 * so that a key which was removed, as after a leak, would hold for as long as nothing else fails.
 */
export function createRequireCurrentKey(clients: readonly RegisteredClient[]): RequireCurrentKey {
  const sources = new Map(
    clients.flatMap((client) => {
      if (!('jwksUri' in client)) return []
      const keys = createRemoteJWKSet(new URL(client.jwksUri), {
        cacheMaxAge: lifetime,
        cooldownDuration: cooldown,
        timeoutDuration: 2_500,
      })
      return [[client.clientId, keys] as const]
    }),
  )

  return async (clientId, assertion) => {
    const keys = sources.get(clientId)
    if (keys === undefined) return
    try {
      await compactVerify(assertion, keys)
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
      for await (const key of error) if (await holdsBy(key, assertion)) return
      throw error
    }
  }
}
