import { AppError } from '@minaintyg/errors'
import { ageOn, parsePersonalNumber } from '@minaintyg/personal-number'
import { errors } from '../errors.ts'
import { refusal } from '../log-ins/refusal.ts'

export type NumberKind = 'personalIdentityNumber' | 'coordinationNumber'

/** Who the e-legitimation says that it is. */
export interface Identified {
  number: string
  kind: NumberKind
  name: string | null
  protectedIdentity: boolean
}

/** As a log-in tells it, perhaps with the number from before a personal identity number was given. */
export interface LoggingIn extends Identified {
  previousNumber: string | null
}

export type Claims = Readonly<Record<string, unknown>>

const numberClaims = {
  personalIdentityNumber: 'https://id.oidc.se/claim/personalIdentityNumber',
  coordinationNumber: 'https://id.oidc.se/claim/coordinationNumber',
} as const satisfies Record<NumberKind, string>

/** In no scope: it must be asked for by name. */
export const previousNumberClaim = 'https://id.oidc.se/claim/previousCoordinationNumber'

const personalClaims = [
  ...Object.values(numberClaims),
  previousNumberClaim,
  'name',
  'given_name',
  'family_name',
]

/** Whether claims tell who someone is, so that the token that holds them may not stand in a URL. */
export const areRevealing = (claims: Claims): boolean =>
  personalClaims.some((name) => claims[name] !== undefined)

const minimumAge = 16
const maxNameLength = 200

// sv-SE writes dates as ISO 8601 does.
const stockholm = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' })

function readNumber(claims: Claims): { number: string; kind: NumberKind; birthDate: string } {
  const found = (['personalIdentityNumber', 'coordinationNumber'] as const).filter(
    (kind) => claims[numberClaims[kind]] !== undefined,
  )
  const [kind] = found
  if (kind === undefined) throw refusal('number.missing')
  if (found.length > 1) throw refusal('number.ambiguous')
  const value = claims[numberClaims[kind]]
  const parsed = typeof value === 'string' ? parsePersonalNumber(value) : undefined
  if (parsed?.kind !== kind) throw refusal('number.invalid')
  return parsed
}

function readPreviousNumber(claims: Claims, kind: NumberKind): string | null {
  const value = claims[previousNumberClaim]
  if (value === undefined || value === null) return null
  const parsed = typeof value === 'string' ? parsePersonalNumber(value) : undefined
  const holds = kind === 'personalIdentityNumber' && parsed?.kind === 'coordinationNumber'
  if (!holds) throw refusal('number.previous-invalid')
  return parsed.number
}

function readName(claims: Claims): string | null {
  const parts = [claims['given_name'], claims['family_name']]
  const joined = parts.filter((part) => typeof part === 'string').join(' ')
  const name = typeof claims['name'] === 'string' ? claims['name'] : joined
  const clean = name.replace(/\p{Cc}/gu, '').trim()
  return clean === '' ? null : clean.slice(0, maxNameLength)
}

/**
 * The person behind the claims: exactly one number that holds, and old enough.
 * @throws {AppError} login.failed, login.too-young
 */
export function identify(claims: Claims, protectedIdentityClaim: string, now: Date): LoggingIn {
  const { number, kind, birthDate } = readNumber(claims)
  if (ageOn(birthDate, stockholm.format(now)) < minimumAge) throw new AppError(errors.tooYoung)
  const protectedIdentity = [true, 'true'].includes(claims[protectedIdentityClaim] as never)
  const previousNumber = readPreviousNumber(claims, kind)
  return { number, kind, previousNumber, name: readName(claims), protectedIdentity }
}
