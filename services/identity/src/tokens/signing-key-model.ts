const minute = 60_000
const day = 24 * 60 * minute

/** Milliseconds that access tokens live at most. */
export const tokenLifetime = 5 * minute
/** Milliseconds that a replica may go on with keys that it has read. */
export const keyCacheLifetime = minute
/** Published so long before it signs: verifiers keep the JWKS for 10 minutes, replicas and HTTP caches for one. */
const publicationLead = 15 * minute
/** Published so long after it stopped: a replica's memory, a token's life, and a margin. */
export const retention = keyCacheLifetime + tokenLifetime + 10 * minute

export type KeyState = 'next' | 'active' | 'retired'

/** A signing key as the schedule sees it. */
export interface ScheduledKey {
  readonly kid: string
  readonly state: KeyState
  readonly createdAt: Date
  /** When it may begin to sign. */
  readonly activatesAt: Date
  readonly activatedAt: Date | null
  readonly retiredAt: Date | null
}

/** What is to be done now, so that keys follow each other unnoticed. */
export interface RotationPlan {
  publish?: { activatesAt: Date }
  activate?: string
  remove: string[]
}

const later = (one: Date, other: Date) => (one > other ? one : other)
const after = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds)

/** @param days that a key signs */
export function planRotation(keys: readonly ScheduledKey[], now: Date, days: number): RotationPlan {
  const active = keys.find(({ state }) => state === 'active')
  const next = keys.find(({ state }) => state === 'next')
  const remove = keys
    .filter(({ retiredAt }) => retiredAt !== null && after(retiredAt, retention) <= now)
    .map(({ kid }) => kid)
  if (next !== undefined) {
    return next.activatesAt <= now ? { activate: next.kid, remove } : { remove }
  }
  if (active === undefined) return { remove }
  const due = after(active.activatedAt ?? active.createdAt, days * day)
  const activatesAt = later(due, earliestActivation(now))
  // A day ahead, so that there is time to look when publishing does not work.
  return after(due, -day) <= now ? { publish: { activatesAt }, remove } : { remove }
}

/** Of a key that is published now. */
export const earliestActivation = (publishedAt: Date): Date => after(publishedAt, publicationLead)
