import { AppError } from '@minaintyg/errors'
import { errors } from '../errors.ts'
import { isLive, isTouchDue } from './session-model.ts'
import type { Session } from './session-model.ts'
import type { SessionRepository } from './session-repository.ts'

interface Deps {
  sessions: SessionRepository
  now: () => Date
}

/** Sessions as the gateway uses them. */
export interface Sessions {
  /** Looks, and changes nothing. */
  find(token: string): Promise<Session | undefined>
  /** The session that a request is made in, which counts as use. @throws {AppError} session.expired */
  use(token: string): Promise<Session>
  extend(token: string): Promise<Session | undefined>
  /** By `sid`, without counting as use. @throws {AppError} session.expired */
  requireLive(id: string): Promise<Session>
}

export function createSessions({ sessions, now }: Deps): Sessions {
  const live = (session: Session | undefined, at: Date) =>
    session !== undefined && isLive(session, at) ? session : undefined

  async function touch(session: Session, at: Date): Promise<Session> {
    await sessions.touch(session.id, at)
    return { ...session, lastUsedAt: at }
  }

  return {
    find: async (token) => live(await sessions.findByToken(token), now()),

    async use(token) {
      const at = now()
      const session = live(await sessions.findByToken(token), at)
      if (session === undefined) throw new AppError(errors.sessionExpired)
      return isTouchDue(session, at) ? touch(session, at) : session
    },

    async extend(token) {
      const at = now()
      const session = live(await sessions.findByToken(token), at)
      return session && touch(session, at)
    },

    async requireLive(id) {
      const session = live(await sessions.findById(id), now())
      if (session === undefined) throw new AppError(errors.sessionExpired)
      return session
    },
  }
}
