import { jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import { isUnavailable } from '../log-ins/provider-faults.ts'
import type { ProviderKeys } from '../log-ins/provider-keys.ts'
import type { RelyingParty } from '../log-ins/relying-party.ts'
import type { UsedTokens } from '../used-tokens.ts'
import type { Ended, SessionRepository } from './session-repository.ts'

const logOutEvent = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds. */
const maxAge = 300

/** Of jose: no answer in time, and another answer than keys. */
const keysUnavailable = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'])

interface LogOutClaims extends JWTPayload {
  sid?: unknown
  nonce?: unknown
  events?: unknown
}

interface Deps {
  relyingParty: RelyingParty
  keys: ProviderKeys
  clientId: string
  signingAlgorithm: string
  usedTokens: UsedTokens
  sessions: SessionRepository
  now: () => Date
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.6. @returns the sessions that it ended */
export function createBackChannelLogOut(deps: Deps): (logOutToken: string) => Promise<Ended[]> {
  const { relyingParty, keys, clientId, signingAlgorithm, usedTokens, sessions, now } = deps
  async function verify(token: string): Promise<LogOutClaims> {
    const { issuer, jwks_uri: jwksUri = issuer } = await relyingParty.providerMetadata()
    try {
      const { payload } = await jwtVerify<LogOutClaims>(token, keys.forTokensOfAnyone(jwksUri), {
        issuer,
        audience: clientId,
        algorithms: [signingAlgorithm],
        typ: 'logout+jwt',
        maxTokenAge: maxAge,
        clockTolerance: 30,
        requiredClaims: ['iat', 'exp', 'jti', 'events'],
        currentDate: now(),
      })
      return payload
    } catch (cause) {
      const { code = '' } = cause as { code?: string }
      const unreachable = isUnavailable(cause) || keysUnavailable.has(code)
      throw new AppError(unreachable ? errors.providerUnavailable : errors.logOutTokenInvalid, {
        cause,
      })
    }
  }

  return async (logOutToken) => {
    const { events, nonce, jti, sub, sid, exp = 0 } = await verify(logOutToken)
    const event = (events as Record<string, unknown> | null)?.[logOutEvent]
    const session = typeof sid === 'string' ? sid : undefined
    const holds =
      typeof event === 'object' &&
      event !== null &&
      nonce === undefined &&
      typeof jti === 'string' &&
      (sub !== undefined || session !== undefined)
    if (!holds) throw new AppError(errors.logOutTokenInvalid)
    const rememberUntil = new Date((exp + maxAge) * 1000)
    if (!(await usedTokens.use(`log-out-token ${jti}`, rememberUntil))) {
      throw new AppError(errors.logOutTokenInvalid)
    }
    return sessions.endAtProvider(
      {
        ...(sub === undefined ? {} : { subject: sub }),
        ...(session === undefined ? {} : { session }),
      },
      now(),
    )
  }
}
