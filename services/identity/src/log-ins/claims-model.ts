import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import type { Claims } from '../persons/person-model.ts'
import { refusal } from './refusal.ts'

/** Exactly these: "loa3-nonresident" and "uncertified-loa3" are not loa3. */
export const levelsOfAssurance: readonly string[] = [
  'http://id.elegnamnden.se/loa/1.0/loa3',
  'http://id.elegnamnden.se/loa/1.0/loa4',
]

/** Seconds. */
export const maxAuthenticationAge = 10 * 60
const maxLifetime = 5 * 60
const maxTokenAge = 2 * 60
const clockSkew = 30

interface Times {
  /** When this service sent the person to the provider. */
  begunAt: Date
  now: Date
}

const refuse = (name: string): never => {
  throw refusal(`id-token.${name}`)
}
function secondsOf(claims: Claims, name: string): number {
  const value = claims[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(name)
}

/** What the library leaves to the relying party: level, lifetime, freshness. @throws {AppError} login.… */
export function checkAuthentication(claims: Claims, { begunAt, now }: Times) {
  const acr = claims['acr']
  if (typeof acr !== 'string' || !levelsOfAssurance.includes(acr)) {
    throw new AppError(errors.loaTooLow)
  }
  const at = now.getTime() / 1000
  const issuedAt = secondsOf(claims, 'iat')
  const authenticatedAt = secondsOf(claims, 'auth_time')
  if (secondsOf(claims, 'exp') - issuedAt > maxLifetime) refuse('lifetime')
  if (issuedAt > at + clockSkew || at - issuedAt > maxTokenAge) refuse('iat')
  // An old log-in at the provider is not what was asked for (prompt=login).
  if (authenticatedAt < begunAt.getTime() / 1000 - clockSkew) refuse('auth_time')
  if (authenticatedAt > at + clockSkew) refuse('auth_time')
  return { acr, authenticatedAt: new Date(authenticatedAt * 1000) }
}
