export interface Session {
  /** `sid` of tokens. */
  readonly id: string
  readonly patientId: string
  readonly acr: string
  readonly authenticatedAt: Date
  readonly createdAt: Date
  readonly lastUsedAt: Date
  /** However much it is used. */
  readonly expiresAt: Date
  readonly endedAt: Date | null
}

const minute = 60_000
/** ASVS 5.0, 7.3: an idle and an absolute limit. */
export const limits = { idle: 30 * minute, absolute: 8 * 60 * minute, touchAfter: minute } as const

/** When it ends if nobody uses it any more. */
export const endOf = ({ lastUsedAt, expiresAt }: Session): Date =>
  new Date(Math.min(lastUsedAt.getTime() + limits.idle, expiresAt.getTime()))

export const isLive = (session: Session, now: Date): boolean =>
  session.endedAt === null && now < endOf(session)

/** Whether its use is worth a write. */
export const isTouchDue = ({ lastUsedAt }: Session, now: Date): boolean =>
  now.getTime() - lastUsedAt.getTime() >= limits.touchAfter

/** As the front end is told. */
export function describe(session: Session | undefined, now: Date) {
  if (session === undefined) {
    return { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }
  }
  return {
    authenticated: true,
    secondsUntilExpire: Math.floor((endOf(session).getTime() - now.getTime()) / 1000),
    absoluteExpiry: session.expiresAt.toISOString(),
  }
}
