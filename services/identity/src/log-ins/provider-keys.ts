import { createRemoteJWKSet, decodeProtectedHeader } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>

export interface ProviderKeys {
  /** For log-out tokens, which anyone may send: keys that they name are looked for every 5 seconds at most. */
  forTokensOfAnyone(uri: string): RemoteKeys
  /**
   * For what the provider itself has just answered: a key that is new is fetched at once.
   * @throws {AppError} login.provider-unavailable
   */
  forAnswer(uri: string, body: string): Promise<JSONWebKeySet>
}

/** Milliseconds that a key which the provider withdraws is accepted at most. */
const lifetime = 5 * 60_000
/** Milliseconds. */
const cooldown = 5_000

/** Of the ID token in a token response, or of a signed userinfo. */
function keyNamedIn(body: string): string | undefined {
  try {
    const { id_token: idToken = body } = (body.startsWith('{') ? JSON.parse(body) : {}) as {
      id_token?: string
    }
    return decodeProtectedHeader(idToken).kid
  } catch {
    return undefined
  }
}

/** The provider's public keys. */
export function createProviderKeys(now: () => Date, deadlineInSeconds: number): ProviderKeys {
  let known: { uri: string; at: number; keys: RemoteKeys } | undefined

  function keysAt(uri: string): RemoteKeys {
    const at = now().getTime()
    if (known?.uri !== uri || at - known.at >= lifetime) {
      const keys = createRemoteJWKSet(new URL(uri), {
        timeoutDuration: deadlineInSeconds * 1000,
        cooldownDuration: cooldown,
        cacheMaxAge: Infinity,
      })
      known = { uri, at, keys }
    }
    return known.keys
  }

  return {
    forTokensOfAnyone: keysAt,
    async forAnswer(uri, body) {
      const keys = keysAt(uri)
      const named = keyNamedIn(body)
      const isKnown = keys.jwks()?.keys.some(({ kid }) => named === undefined || kid === named)
      if (isKnown !== true) {
        await keys.reload().catch((cause: unknown) => {
          throw new AppError(errors.providerUnavailable, { cause })
        })
      }
      return keys.jwks() ?? { keys: [] }
    },
  }
}
