import { randomUUID } from 'node:crypto'
import { SignJWT, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import { audiences, scopes } from '@minaintyg/contracts'
import type { Audience } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import { endOf } from '../sessions/session-model.ts'
import type { Session } from '../sessions/session-model.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { tokenLifetime } from './signing-key-model.ts'
import { algorithm } from './signing-key-repository.ts'
import type { SigningKeys } from './signing-keys.ts'

/** RFC 8693 `act`: who acts, and through whom. */
interface Actor {
  sub: string
  act?: Actor
}

interface TokenRequest {
  session: Session
  audience: string
  clientId: string
  actor?: Actor
}

export interface IssuedToken {
  accessToken: string
  expiresAt: string
}

export interface PatientTokens {
  /** @throws {AppError} audience.unknown, session.expired */
  issue(request: TokenRequest): Promise<IssuedToken>
  /** @throws {AppError} subject-token.invalid, audience.unknown, session.expired */
  exchange(request: {
    subjectToken: string
    audience: string
    clientId: string
  }): Promise<IssuedToken>
}

interface Deps {
  signingKeys: SigningKeys
  sessions: Sessions
  issuer: string
  now: () => Date
}

const ownAudiences = Object.values(audiences)

const isAudience = (value: string): value is Audience => ownAudiences.some((own) => own === value)

const seconds = (date: Date) => Math.floor(date.getTime() / 1000)

interface SubjectClaims extends JWTPayload {
  scope?: string
  sid?: string
  act?: Actor
}

export function createPatientTokens({ signingKeys, sessions, issuer, now }: Deps): PatientTokens {
  async function issue({ session, audience, clientId, actor }: TokenRequest): Promise<IssuedToken> {
    if (!isAudience(audience)) throw new AppError(errors.audienceUnknown)
    const at = now()
    const end = Math.min(at.getTime() + tokenLifetime, endOf(session).getTime())
    const expiresAt = new Date(Math.floor(end / 1000) * 1000)
    if (expiresAt <= at) throw new AppError(errors.sessionExpired)
    const { kid, key } = await signingKeys.active()
    const claims = {
      client_id: clientId,
      scope: scopes.patient,
      sid: session.id,
      acr: session.acr,
      auth_time: seconds(session.authenticatedAt),
      ...(actor === undefined ? {} : { act: actor }),
    }
    const accessToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(session.patientId)
      .setJti(randomUUID())
      .setIssuedAt(seconds(at))
      .setExpirationTime(seconds(expiresAt))
      .sign(key)
    return { accessToken, expiresAt: expiresAt.toISOString() }
  }

  async function verify(token: string): Promise<SubjectClaims> {
    try {
      const { payload } = await jwtVerify<SubjectClaims>(
        token,
        (header) => signingKeys.find(header),
        {
          issuer,
          audience: ownAudiences,
          typ: 'at+jwt',
          algorithms: [algorithm],
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'client_id'],
          currentDate: now(),
        },
      )
      return payload
    } catch (cause) {
      throw new AppError(errors.subjectTokenInvalid, { cause })
    }
  }

  return {
    issue,
    async exchange({ subjectToken, audience, clientId }) {
      const { sub, sid, scope, act } = await verify(subjectToken)
      const isPatient = scope?.split(' ').includes(scopes.patient) === true
      if (!isPatient || sid === undefined) throw new AppError(errors.subjectTokenInvalid)
      const session = await sessions.requireLive(sid)
      if (session.patientId !== sub) throw new AppError(errors.subjectTokenInvalid)
      const actor = { sub: clientId, ...(act === undefined ? {} : { act }) }
      return issue({ session, audience, clientId, actor })
    },
  }
}
